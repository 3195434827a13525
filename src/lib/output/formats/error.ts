import type {VezaError} from '../../errors/veza-error.js'
import {sanitizeLine, sanitizeText} from '../sanitize.js'
import {jsonRecord} from './json.js'

/** An error for a person: `error: ...`, then `hint: ...` where there is one, each one line. */
export function errorText(error: VezaError): string {
  const hint = error.hint === undefined ? '' : `hint: ${sanitizeLine(error.hint)}\n`
  return `error: ${sanitizeLine(error.message)}\n${hint}`
}

/** An error for a script: one line of JSON in the fields of the conventions, absent ones left out. */
export function errorJson(error: VezaError, isTTY: boolean): string {
  return jsonRecord({error: errorFields(error)}, isTTY)
}

/** What a script gets to know of an error, absent fields undefined. */
export function errorFields(error: VezaError): Readonly<Record<string, unknown>> {
  return {
    code: error.code,
    message: error.message,
    hint: error.hint,
    exit_code: error.exitCode,
    status: error.status,
    server_code: error.serverCode,
    request_id: error.requestId,
    retryable: error.retryable,
    retry_after_ms: error.retryAfterMs,
  }
}

/**
 * Where an error and its causes arose, for `--debug`. The causes' messages are left out: a parser's or a client's
 * message can quote what it was given, a token too.
 */
export function errorStack(error: VezaError): string {
  const lines = frames(error)
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    lines.push(`caused by ${sanitizeLine(cause.name)}`, ...frames(cause))
  }
  return lines.join('\n')
}

function frames(error: Error): string[] {
  return sanitizeText(error.stack ?? '')
    .split('\n')
    .filter(line => /^ {4}at /.test(line))
}
