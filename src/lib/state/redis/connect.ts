import {createClient, SocketClosedUnexpectedlyError} from 'redis'
import {within} from './within.js'

/** The longest time to connect, and by default to wait for an answer. */
export const ANSWER_LIMIT_MS = 2000

/** One connection to a Redis. When it breaks it is over: nothing is queued, nothing is repeated. */
export type RedisConnection = ReturnType<typeof clientOf>

/** What is known of a connection while it stands. */
export interface ConnectOptions {
  /** Told once when the connection breaks, and not after the connection was given up by `destroy`. */
  readonly onLoss?: (error: Error) => void
  /** Ends the attempt, and nothing after it. */
  readonly signal?: AbortSignal
}

/**
 * One attempt to connect, with the password of the address, and a first answer. Over within 2 s.
 * @throws {Error} of the network (with a `code`), of Redis (a text that begins with its word), `ETIMEDOUT`.
 */
export async function connect(url: string, options: ConnectOptions = {}): Promise<RedisConnection> {
  const {signal, onLoss} = options
  const attempt = new AbortController()
  const abort = (): void => attempt.abort()
  signal?.addEventListener('abort', abort, {once: true})
  const client = clientOf(url, attempt.signal)
  // An error that nobody hears would end the process.
  client.on('error', named)
  try {
    signal?.throwIfAborted()
    await within(ANSWER_LIMIT_MS, greeting(client))
  } catch (error) {
    // Before there is a connection, destroy alone would leave the socket to go on connecting.
    abort()
    client.destroy()
    throw error
  } finally {
    signal?.removeEventListener('abort', abort)
  }
  if (onLoss !== undefined) client.once('error', onLoss)
  return client
}

/** The handshake says nothing where no password is given, and a server that hangs still takes connections. */
async function greeting(client: RedisConnection): Promise<void> {
  await client.connect()
  await client.sendCommand(['PING'])
}

/** The other end has closed the connection, which the system has no error for. */
function named(error: unknown): void {
  if (error instanceof SocketClosedUnexpectedlyError) Object.assign(error, {code: 'ECONNRESET'})
}

function clientOf(url: string, signal: AbortSignal) {
  return createClient({
    url: withUser(url),
    socket: {connectTimeout: ANSWER_LIMIT_MS, reconnectStrategy: false, signal},
    // Answers of one shape, whatever the command: a list, not sometimes a map.
    RESP: 2,
    maintNotifications: 'disabled',
    disableClientInfo: true,
    disableOfflineQueue: true,
    // A limit of its own would be a timer and a signal for each command, beside ours.
    commandOptions: {timeout: undefined},
  })
}

/** A password alone is refused by a Redis that asks for none; with the name of its default user it is taken. */
function withUser(url: string): string {
  const address = new URL(url)
  if (address.password !== '' && address.username === '') address.username = 'default'
  return address.href
}
