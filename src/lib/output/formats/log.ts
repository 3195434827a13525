import type {VezaError} from '../../errors/veza-error.js'
import {errorFields, errorStack} from './error.js'
import {jsonRecord} from './json.js'

/** How much a line of a log matters. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** What a line says beside its message; `event` says what it is about, for programs. */
export interface LogFields {
  readonly event?: string
  readonly [field: string]: unknown
}

/** A line before it is written. */
export interface LogLine extends LogFields {
  readonly level: LogLevel
  readonly event: string
  readonly message: string
}

/** The line of an error: what `--json` says of it, under `error`, and with `debug` where it arose. */
export function logError(error: VezaError, debug: boolean): LogLine {
  const stack = debug ? {stack: errorStack(error)} : {}
  return {level: 'error', event: 'error', message: error.message, error: errorFields(error), ...stack}
}

/**
 * One line of a log: `{time, level, event, message, ...fields}`, then a newline. Every text in it is passed through
 * `redact`; at a terminal, characters it could act on are escapes.
 */
export function logLine(
  {level, event, message, time: _reserved, ...fields}: LogLine,
  time: Date,
  {redact, isTTY}: {readonly redact: (text: string) => string; readonly isTTY: boolean},
): string {
  const line = {time: time.toISOString(), level, event, message, ...fields}
  return jsonRecord(redacted(line, redact), isTTY)
}

function redacted(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map(item => redacted(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, redacted(item, redact)]))
}
