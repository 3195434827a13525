import type {Frame} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {errorCodeFor} from '../../http/status.js'
import type {Closure, Connection, ConnectionListener} from '../../realtime/connection/connection.js'
import {problemOf, refusalOf} from '../../realtime/connection/session.js'

/** So many frames wait for a slow reader before the socket is paused. */
const MAX_WAITING = 256

/**
 * Every frame of one connection, as it comes. Ends when the server closes with 1000 or `stop` is called; throws `unreachable`
 * for any other end of the connection, and what `refusalOf` makes of a refused token, behind the frame that said so.
 */
export class FrameStream implements ConnectionListener {
  readonly #connection: Connection
  readonly #onMalformed: (problem: string) => void
  readonly #waiting: Frame[] = []
  #refusal: VezaError | undefined
  #closure: Closure | undefined
  #stopped = false
  #wake: (() => void) | undefined

  constructor(connection: Connection, onMalformed: (problem: string) => void) {
    this.#connection = connection
    this.#onMalformed = onMalformed
    connection.listen(this)
  }

  /** What the first `error` frame said, if one came: an answer to something that was sent. */
  get refusal(): VezaError | undefined {
    return this.#refusal
  }

  frame(frame: Frame): void {
    this.#waiting.push(frame)
    if (this.#waiting.length >= MAX_WAITING) this.#connection.pause()
    this.#wakeUp()
  }

  malformed(problem: string): void {
    this.#onMalformed(problem)
  }

  pong(): void {}

  closed(closure: Closure): void {
    this.#closure = closure
    this.#wakeUp()
  }

  /** Ends the stream behind what has come. */
  stop(): void {
    this.#stopped = true
    this.#wakeUp()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Frame> {
    for (;;) {
      const frame = this.#waiting.shift()
      if (frame !== undefined) {
        if (frame.type === 'error') this.#refusal ??= refusalOfFrame(frame)
        yield frame
        // Only a refused token ends the stream; any other refusal is about one frame.
        if (frame.type === 'auth_error') throw refusalOf(frame, () => false, true)
      } else if (this.#stopped) return
      else if (this.#closure !== undefined) return throwUnlessNormal(this.#closure)
      else await this.#more()
    }
  }

  #more(): Promise<void> {
    this.#connection.resume()
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }

  #wakeUp(): void {
    this.#wake?.()
    this.#wake = undefined
  }
}

function throwUnlessNormal({code, reason, error}: Closure): void {
  if (code === 1000) return
  const words = reason === '' ? '' : `: ${reason}`
  throw error ?? new VezaError('unreachable', `the server closed the connection with ${code}${words}`)
}

function refusalOfFrame(frame: Frame): VezaError {
  const serverCode = typeof frame.data.code === 'string' ? frame.data.code : undefined
  return new VezaError(errorCodeFor(200, serverCode), `the server refused a frame (${problemOf(frame)})`, {
    serverCode,
  })
}
