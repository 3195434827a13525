import {EXIT} from '../errors/catalogue.js'
import {VezaError} from '../errors/veza-error.js'

/** After a signal a command has so long to close its sockets and write what it accepted. */
const GRACE_MS = 5000
/** After its reader has gone a command has nothing left to say. */
const CLOSED_PIPE_GRACE_MS = 1000

/** The reader of stdout has gone: no failure, the command ends quietly with 0. */
export class ClosedPipe extends Error {
  override readonly name = 'ClosedPipe'
}

/** Of `process`, what ends a command. */
export interface SignalSource {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  exit(code: number): void
}

/** The time between a command's start and its end: one abort signal for all that can end it early. */
export class Lifetime {
  readonly #source: SignalSource
  readonly #controller = new AbortController()
  readonly #timers = new Set<NodeJS.Timeout>()
  #isAside = false
  readonly #onInterrupt = (): void => this.#onSignal(new VezaError('interrupted', 'interrupted'))
  readonly #onTerminate = (): void => this.#onSignal(new VezaError('terminated', 'terminated'))

  constructor(source: SignalSource) {
    this.#source = source
    source.on('SIGINT', this.#onInterrupt)
    source.on('SIGTERM', this.#onTerminate)
  }

  /** Aborted with the reason, a VezaError or ClosedPipe, when the command must end. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Ends the command with `timeout` (exit code 124) after `timeoutMs`. */
  limit(timeoutMs: number): void {
    const seconds = timeoutMs / 1000
    this.#after(timeoutMs, () =>
      this.#abort(new VezaError('timeout', `--timeout ran out after ${seconds} s`), GRACE_MS),
    )
  }

  /** Leaves signals and the state of stdout to the command itself: only `limit` ends it from now on. */
  standAside(): void {
    this.#isAside = true
    this.#source.off('SIGINT', this.#onInterrupt)
    this.#source.off('SIGTERM', this.#onTerminate)
  }

  /** The reader of stdout has gone. */
  pipeClosed(): void {
    if (this.#isAside) return
    this.#abort(new ClosedPipe('the reader of stdout has gone'), CLOSED_PIPE_GRACE_MS)
  }

  /** Nothing can be written any more, such as on a full disk. */
  fail(reason: VezaError): void {
    if (this.#isAside) return
    this.#abort(reason, CLOSED_PIPE_GRACE_MS)
  }

  /** Gives the signals back and drops every timer, so that nothing keeps the process. */
  end(): void {
    this.#source.off('SIGINT', this.#onInterrupt)
    this.#source.off('SIGTERM', this.#onTerminate)
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #onSignal(reason: VezaError): void {
    if (this.signal.aborted) this.#source.exit(reason.exitCode)
    this.#abort(reason, GRACE_MS)
  }

  /** A command that does not end within its grace is ended: "never hangs" outranks a clean goodbye. */
  #abort(reason: VezaError | ClosedPipe, graceMs: number): void {
    if (this.signal.aborted) return
    this.#controller.abort(reason)
    const code = reason instanceof VezaError ? reason.exitCode : EXIT.done
    this.#after(graceMs, () => this.#source.exit(code)).unref()
  }

  #after(delayMs: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(action, delayMs)
    this.#timers.add(timer)
    return timer
  }
}
