import type {Socket} from 'node:net'

/** Where the session bus of D-Bus is, by the environment. */
export interface SessionBus {
  /** `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string | undefined
  /** `XDG_RUNTIME_DIR`: the bus is `bus` in there where there is no address. */
  readonly runtimeDir: string | undefined
}

/**
 * Checks that the session bus answers the first line of its handshake. The keychain library connects synchronously
 * and without a limit: a bus that accepts and says nothing would hang the process for ever.
 * @throws {Error} in plain words when there is no bus, or none that answers within `timeoutMs`.
 */
export async function assertBusAnswers(bus: SessionBus, timeoutMs: number): Promise<void> {
  const path = socketPath(bus)
  if (path === undefined) throw new Error('there is no D-Bus session')
  const {connect} = await import('node:net')
  await handshake(connect({path}), timeoutMs)
}

/** The first unix socket of an address such as `unix:path=/run/user/1000/bus,guid=…;tcp:…`. */
function socketPath({address, runtimeDir}: SessionBus): string | undefined {
  if (address === undefined) return runtimeDir === undefined ? undefined : `${runtimeDir}/bus`
  const match = /(?:^|;)unix:(?:[^;]*,)?(path|abstract)=([^,;]+)/.exec(address)
  if (match?.[2] === undefined) return undefined
  const path = decodeURIComponent(match[2])
  return match[1] === 'abstract' ? `\0${path}` : path
}

function handshake(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`D-Bus does not answer within ${timeoutMs / 1000} s`)),
      timeoutMs,
    )
    socket.once('error', error => reject(new Error(`D-Bus cannot be reached: ${error.message}`)))
    socket.once('close', () => reject(new Error('D-Bus closed the connection')))
    socket.once('data', () => resolve())
    socket.once('connect', () => socket.write(`\0AUTH EXTERNAL ${userIdInHex()}\r\n`))
    socket.once('close', () => clearTimeout(timer))
  }).finally(() => socket.destroy())
}

/** The handshake wants the decimal user id, each digit as the hex code of its character. */
function userIdInHex(): string {
  return Buffer.from(String(process.getuid?.() ?? 0)).toString('hex')
}
