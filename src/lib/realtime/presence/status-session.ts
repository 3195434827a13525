import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {errorCodeFor} from '../../http/status.js'
import type {Connection} from '../connection/connection.js'
import {encodeFrame} from '../connection/frames.js'
import type {Timers} from '../connection/heartbeat.js'
import {problemOf, refusalOf} from '../connection/session.js'
import {type Ending, endingOfClosure, endingOfError} from '../reconnect/reconnect.js'

/** What others are to see (section 5 of the contract, `update_status`). */
export interface StatusUpdate {
  /** `online`, `away`, `busy` or `invisible`. */
  readonly status: string
  readonly message?: string | undefined
}

/** A server that does not handle frames one after the other may send its pong so long before it refuses. */
const GRACE_MS = 500

/**
 * Sends `update_status` over a connection and waits for the proof that the server has handled it: it is not acknowledged,
 * but a `ping` behind it is, by `pong`, or by servers that know no such frame by the pong of the WebSocket itself.
 */
export class StatusSession {
  readonly #connection: Connection
  readonly #timers: Timers
  #cancelGrace: (() => void) | undefined
  #finish: (ending: Ending | undefined) => void = () => {}
  readonly #ended = new Promise<Ending | undefined>(resolve => {
    this.#finish = resolve
  })

  constructor(connection: Connection, timers: Timers) {
    this.#connection = connection
    this.#timers = timers
  }

  /** Resolves to undefined with the proof, else to what went wrong; leaves no socket. Never rejects. */
  async run(
    token: string | undefined,
    update: StatusUpdate,
    signal: AbortSignal,
  ): Promise<Ending | undefined> {
    const onAbort = (): void => this.#finish(endingOfError(signal.reason))
    signal.addEventListener('abort', onAbort, {once: true})
    this.#connection.listen({
      frame: frame => this.#onFrame(frame),
      malformed: () => undefined,
      pong: () => this.#onPong(),
      closed: closure => this.#finish(endingOfClosure(closure)),
    })
    this.#send(token, update)
    if (signal.aborted) onAbort()
    const ending = await this.#ended
    this.#cancelGrace?.()
    signal.removeEventListener('abort', onAbort)
    await this.#connection.close()
    return ending
  }

  #send(token: string | undefined, {status, message}: StatusUpdate): void {
    const authenticate = token === undefined ? [] : [encodeFrame('authenticate', {token})]
    this.#connection.send(
      ...authenticate,
      encodeFrame('update_status', {status, ...(message === undefined ? {} : {message})}),
      encodeFrame('ping', {timestamp: new Date(this.#timers.wallNow()).toISOString()}),
    )
    this.#connection.ping('status')
  }

  #onFrame(frame: Frame): void {
    if (frame.type === 'pong') this.#finish(undefined)
    if ((frame.type !== 'error' && frame.type !== 'auth_error') || isAboutPing(frame)) return
    this.#finish(endingOfError(errorOf(frame)))
  }

  #onPong(): void {
    this.#cancelGrace ??= this.#timers.setTimer(() => this.#finish(undefined), GRACE_MS)
  }
}

/** A server that knows no `ping` frame says so. */
function isAboutPing({data: {details}}: Frame): boolean {
  return typeof details === 'object' && details !== null && 'type' in details && details.type === 'ping'
}

function errorOf(frame: Frame): VezaError {
  const aboutSession = refusalOf(frame, () => false, false)
  if (aboutSession !== undefined) return aboutSession
  const {code} = frame.data
  const serverCode = typeof code === 'string' ? code : undefined
  return new VezaError(errorCodeFor(200, serverCode), `the server refuses the status (${problemOf(frame)})`, {
    serverCode,
  })
}
