import type {Frame} from '../../../contract/resources.js'

/** What a text frame turned out to be: a frame, or the reason why it is none. */
export type ParsedFrame = {readonly frame: Frame} | {readonly problem: string}

/**
 * The text of a frame as a client sends it (section 5 of the contract). `data` goes through JSON, never through string
 * formatting, so that no text of a user can become part of the frame.
 */
export function encodeFrame(type: string, data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({type, data})
}

/**
 * Reads the text of one frame (section 5). Unknown types are frames like any other; `data` may be missing, as in a bare
 * `pong`, and is `{}` then. Never throws: what is no frame comes back as a problem, without the text itself, which other
 * users may have written.
 */
export function parseFrame(text: string): ParsedFrame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return {problem: `a frame of ${text.length} characters is not JSON`}
  }
  if (!isObject(value)) return {problem: 'a frame is not an object'}
  const {type, data} = value
  if (typeof type !== 'string') return {problem: 'a frame has no type'}
  if (isObject(data)) return {frame: {type, data}}
  if (data === undefined || data === null) return {frame: {type, data: {}}}
  return {problem: "a frame's data is not an object"}
}

/** Frames that answer one of a client's own (section 5). Everything else comes unasked. */
const ANSWERS: ReadonlySet<string> = new Set([
  'auth_success',
  'auth_error',
  'room_joined',
  'room_left',
  'message_sent',
  'room_history',
  'dm_history',
  'dm_list',
  'message_reactions',
  'room_stats',
  'audit_logs',
  'pong',
  'error',
])

/** Whether a type of frame is an answer to the client, and so no event. Unknown types are events. */
export function isAnswer(type: string): boolean {
  return ANSWERS.has(type)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
