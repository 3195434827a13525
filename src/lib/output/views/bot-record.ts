import {sanitizeLine} from '../sanitize.js'
import {clockTime} from '../time.js'
import type {View} from './view.js'

/** What a bot did about one message that it owed an answer. */
export interface BotRecord {
  readonly message_id: number
  readonly room_id?: number | undefined
  readonly conversation_id?: number | undefined
  readonly author_id: number
  readonly username?: string | undefined
  /** The name behind the prefix, known or not; null for a direct message that is no command. */
  readonly command: string | null
  /**
   * `answered`; `repeated`: an earlier run had answered it; `silent`: there was nothing to say; `capped`: the peer or the
   * user asks too often; `failed`: the answer cannot be sent.
   */
  readonly result: 'answered' | 'repeated' | 'silent' | 'capped' | 'failed'
  /** The message that is the answer. */
  readonly answer_id?: number | undefined
  /** From the message's place in the stream to the answer, in milliseconds. */
  readonly took_ms: number
  /** When it was done, RFC 3339. */
  readonly at: string
}

/** What a bot did: `HH:MM:SS alice ping answered` at a terminal, tab-separated in a pipe. */
export const botRecordView: View<BotRecord> = {
  columns: [
    {header: 'time', value: ({at}) => at},
    {header: 'user', value: userOf},
    {header: 'command', value: commandOf},
    {header: 'result', value: ({result}) => result},
    {header: 'message', value: ({message_id}) => message_id},
    {header: 'answer', value: ({answer_id}) => answer_id},
  ],
  jsonFields: [
    ...['message_id', 'room_id', 'conversation_id', 'author_id', 'username'],
    ...['command', 'result', 'answer_id', 'took_ms', 'at'],
  ],
  line: (record, {isTTY, style}) => {
    const {answer_id, at, message_id, result} = record
    const parts = [userOf(record), commandOf(record), result].map(sanitizeLine)
    if (isTTY) return `${style.dim(clockTime(at))} ${parts.join(' ')}`
    return [sanitizeLine(at), ...parts, message_id, answer_id ?? ''].join('\t')
  },
}

function userOf({author_id, username}: BotRecord): string {
  return username ?? `user ${author_id}`
}

function commandOf({command}: BotRecord): string {
  return command ?? 'message'
}
