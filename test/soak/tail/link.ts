import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'

/** A way to a server that can go silent: nothing is forwarded in either direction, nothing is closed. */
export interface Link extends AsyncDisposable {
  readonly url: string
  /** From now on nothing passes on the connections that are open; new ones are served. */
  goSilent(): void
}

/** A TCP proxy on a free port in front of `target`. */
export async function openLink(target: string): Promise<Link> {
  const {hostname, port} = new URL(target)
  const open = new Set<Socket>()
  const server = createServer(inner => {
    const outer = connect(Number(port), hostname)
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      open.add(from)
      from.on('error', () => {})
      from.on('data', chunk => to.write(chunk))
      from.on('close', () => {
        open.delete(from)
        to.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    goSilent: () => {
      for (const socket of open) {
        socket.removeAllListeners('data')
        // What arrives is read and forgotten, so that not even a full buffer is felt.
        socket.resume()
      }
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
