import {type ErrorDetails, VezaError} from '../errors/veza-error.js'
import {printable} from './printable.js'
import {retryAfterMs} from './retry-after.js'
import {errorCodeFor} from './status.js'

/** An answer as it came: nothing of it is checked. */
export interface RawAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** False where the connection broke before the end of the body. */
  readonly complete: boolean
}

/** What the reading of an answer depends on beside the answer. */
export interface AnswerContext {
  readonly method: string
  readonly uploading: boolean
  readonly nowMs: number
}

/** The data of an answer, or the error it stands for. `broken`: the body of a 2xx was cut off, another try may bring it whole. */
export type Reading =
  | {readonly ok: true; readonly data: unknown}
  | {readonly ok: false; readonly error: VezaError; readonly broken: boolean}

/** The error object of a failure (section 3), as far as it is readable. */
interface Failure {
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly requestId?: string | undefined
  readonly details?: unknown
}

/**
 * Reads an answer: the data of `{"success": true, "data"}`, a bare JSON body as it is (section 7), undefined for an empty
 * body where one may be (204, and anything but a GET), or the error by status and server code. Never throws.
 */
export function readAnswer(answer: RawAnswer, context: AnswerContext): Reading {
  const body = parseJson(answer.text)
  const envelope = isRecord(body) && typeof body.success === 'boolean' ? body : undefined
  const succeeded = answer.status >= 200 && answer.status < 300
  if (!succeeded || envelope?.success === false) return failed(failureError(answer, body, context))
  if (!answer.complete) {
    return failed(unreadable('unreachable', answer, 'the connection broke in the middle of the answer'), true)
  }
  if (answer.text.trim() === '') return readEmpty(answer, context)
  if (body === undefined) return readGarbage(answer)
  return {ok: true, data: envelope === undefined ? body : envelope.data}
}

function failed(error: VezaError, broken = false): Reading {
  return {ok: false, error, broken}
}

function readEmpty(answer: RawAnswer, context: AnswerContext): Reading {
  if (answer.status === 204 || context.method !== 'GET') return {ok: true, data: undefined}
  return failed(unreadable('not_protocol', answer, 'an empty body came instead of JSON'))
}

function readGarbage(answer: RawAnswer): Reading {
  const broken = /^\s*[[{]/.test(answer.text)
  const problem = broken ? 'the JSON of the answer is cut off or broken' : 'the answer is no JSON'
  return failed(unreadable('not_protocol', answer, problem), broken)
}

function unreadable(code: 'not_protocol' | 'unreachable', answer: RawAnswer, problem: string): VezaError {
  return new VezaError(code, `${problem} (${describe(answer)})`, {
    status: answer.status,
    requestId: requestId(answer, undefined),
    hint: code === 'unreachable' ? 'try again' : 'check that --server (VEZA_SERVER) names a Veza chat server',
  })
}

function failureError(answer: RawAnswer, body: unknown, context: AnswerContext): VezaError {
  const failure = readFailure(body)
  const code = errorCodeFor(answer.status, failure.code, context.uploading)
  const waitMs = retryAfterMs(answer.headers, failure.details, context.nowMs)
  const said = failure.message === undefined ? undefined : printable(failure.message)
  const details: ErrorDetails = {
    status: answer.status,
    serverCode: failure.code === undefined ? undefined : printable(failure.code, 60),
    requestId: requestId(answer, failure.requestId),
    retryAfterMs: code === 'rate_limited' || code === 'server_error' ? waitMs : undefined,
  }
  const message = said ? `${said} (${describe(answer)})` : `the server answered ${describe(answer)}`
  return new VezaError(code, message, {...details, hint: hintFor(code, failure, waitMs, answer)})
}

function hintFor(
  code: string,
  failure: Failure,
  waitMs: number | undefined,
  answer: RawAnswer,
): string | undefined {
  if (answer.status === 407)
    return 'the proxy wants a user name and a password: HTTPS_PROXY=http://user:password@host:port'
  if (code === 'signed_out') return 'run `veza auth login`'
  if (code === 'rate_limited')
    return waitMs === undefined ? 'try again later' : `try again in ${inWords(waitMs)}`
  if (code === 'not_protocol') return redirectHint(answer)
  const limit = isRecord(failure.details) ? failure.details.max_length : undefined
  return typeof limit === 'number' ? `at most ${limit} characters are allowed` : undefined
}

function redirectHint(answer: RawAnswer): string {
  const location = answer.headers.location
  if (location === undefined) return 'check --server (VEZA_SERVER)'
  return `the server redirects to ${printable(location, 200)}: set --server (VEZA_SERVER) to where it lives`
}

/** The fields of an error in any of its places: the envelope's `error`, a bare `error` text, or the body itself. */
function readFailure(body: unknown): Failure {
  if (!isRecord(body)) return {}
  const error = isRecord(body.error) ? body.error : body
  return {
    code: textOf(error.code),
    message: textOf(error.message) ?? textOf(body.error),
    requestId: textOf(error.request_id),
    details: error.details,
  }
}

/** Status, content type where it is not JSON, and request id: what whoever runs the server needs to know. */
function describe(answer: RawAnswer): string {
  const type = answer.headers['content-type'] ?? ''
  const shown = answer.text !== '' && type !== '' && !/json/i.test(type) ? `, ${printable(type, 60)}` : ''
  const id = requestId(answer, undefined)
  return `HTTP ${answer.status}${shown}${id === undefined ? '' : `, request ${id}`}`
}

function requestId(answer: RawAnswer, fromBody: string | undefined): string | undefined {
  const id = fromBody ?? answer.headers['x-request-id']
  return id === undefined ? undefined : printable(id, 100)
}

function inWords(ms: number): string {
  return ms < 120_000 ? `${Math.ceil(ms / 1000)} s` : `${Math.ceil(ms / 60_000)} min`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
