import {CATALOGUE, type ErrorCode} from './catalogue.js'

/** What an error may carry beside its code and message. Absent fields are left out of every output. */
export interface ErrorDetails {
  /** What the user can do about it, one sentence without a full stop. */
  readonly hint?: string | undefined
  /** HTTP status of the answer that caused it. */
  readonly status?: number | undefined
  /** The server's own `error.code` (section 3 of the contract), or the code of a WebSocket error frame. */
  readonly serverCode?: string | undefined
  /** The server's `error.request_id`, to quote to whoever runs it. */
  readonly requestId?: string | undefined
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  /** The request was sent and its outcome is not known: the server may have done what was asked. */
  readonly mayHaveActed?: boolean | undefined
  readonly cause?: unknown
}

/** The server is a bundle of its own with its own copy of this class: the mark, not the class, tells our errors. */
const MARK = Symbol.for('veza-cli.error')

/**
 * The one error of this project: a code of the catalogue (which decides the exit code), a message for a person and
 * what is known beside it. Thrown by `lib`, printed only by `cli/present-error`. Never carries a secret or an argv.
 */
export class VezaError extends Error {
  override readonly name = 'VezaError'
  readonly [MARK] = true
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly status: number | undefined
  readonly serverCode: string | undefined
  readonly requestId: string | undefined
  readonly retryAfterMs: number | undefined
  readonly mayHaveActed: boolean

  static override [Symbol.hasInstance](value: unknown): value is VezaError {
    return typeof value === 'object' && value !== null && MARK in value
  }

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause})
    this.code = code
    this.hint = details.hint
    this.status = details.status
    this.serverCode = details.serverCode
    this.requestId = details.requestId
    this.retryAfterMs = details.retryAfterMs
    this.mayHaveActed = details.mayHaveActed === true
  }

  /** The same error of a request whose outcome is not known. */
  inDoubt(): VezaError {
    const error = new VezaError(this.code, this.message, {...this, cause: this.cause, mayHaveActed: true})
    return Object.assign(error, {stack: this.stack})
  }

  /** The exit code a command ends with on this error. */
  get exitCode(): number {
    return CATALOGUE[this.code].exit
  }

  /** Whether the same call may succeed later without a change by the user. */
  get retryable(): boolean {
    return CATALOGUE[this.code].retryable
  }
}
