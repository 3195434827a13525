import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'

/** A way to a server that counts what goes up, and can be cut in the middle of anything. */
export interface Link extends AsyncDisposable {
  readonly url: string
  /** Calls once when so many bytes more have been sent to the server, in the middle of a piece where it is so. */
  afterBytes(bytes: number, act: () => void): void
  /** Resets the connections that are open, in both directions. */
  cut(): void
}

/** A TCP proxy on a free port in front of `target`. */
export async function openLink(target: string): Promise<Link> {
  const {hostname, port} = new URL(target)
  const open = new Set<Socket>()
  let left = Number.POSITIVE_INFINITY
  let act: () => void = () => undefined
  const pass = (chunk: Buffer, to: Socket): void => {
    const now = chunk.subarray(0, left)
    if (now.length > 0) to.write(now)
    left -= chunk.length
    if (left > 0) return
    left = Number.POSITIVE_INFINITY
    act()
    if (!to.destroyed && now.length < chunk.length) to.write(chunk.subarray(now.length))
  }
  const server = createServer(inner => {
    const outer = connect(Number(port), hostname)
    inner.on('data', chunk => pass(chunk, outer))
    outer.on('data', chunk => void inner.write(chunk))
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(from)
      from.on('error', () => undefined)
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of open) {
      // One that is not connected yet has nothing to reset.
      if (socket.connecting) socket.destroy()
      else socket.resetAndDestroy()
    }
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    afterBytes: (bytes, then) => {
      left = bytes
      act = then
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
