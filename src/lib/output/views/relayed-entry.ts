import {sanitizeLine} from '../sanitize.js'
import {clockTime} from '../time.js'
import type {View} from './view.js'

/** What became of an entry of a Redis stream. */
export interface RelayedEntry {
  readonly stream: string
  readonly entry_id: string
  /** Where it went, or was to go; absent where it names no room. */
  readonly room_id?: number | undefined
  /** The message that was made of it. */
  readonly message_id?: number | undefined
  /** `repeated`: an earlier run had sent it; `dead`: it cannot be sent, and is among the dead letters. */
  readonly result: 'sent' | 'repeated' | 'dead'
  /** Why it is dead. */
  readonly reason?: string | undefined
  /** When it was done, RFC 3339. */
  readonly at: string
}

/** What became of entries: `HH:MM:SS jobs 1700000000000-0 sent as message 12 to room 3` at a terminal, tab-separated in a pipe. */
export const relayedEntryView: View<RelayedEntry> = {
  columns: [
    {header: 'time', value: ({at}) => at},
    {header: 'stream', value: ({stream}) => stream},
    {header: 'entry', value: ({entry_id}) => entry_id},
    {header: 'result', value: ({result}) => result},
    {header: 'room', value: ({room_id}) => room_id},
    {header: 'message', value: ({message_id}) => message_id},
    {header: 'reason', value: ({reason}) => reason},
  ],
  jsonFields: ['stream', 'entry_id', 'room_id', 'message_id', 'result', 'reason', 'at'],
  line: (record, {isTTY, style}) => {
    const {at, entry_id, message_id, reason = '', result, room_id = '', stream} = record
    if (!isTTY)
      return [at, stream, entry_id, result, room_id, message_id ?? '', reason]
        .map(value => sanitizeLine(String(value)))
        .join('\t')
    const what =
      result === 'dead' ? `dead: ${reason}` : `${result} as message ${message_id} to room ${room_id}`
    return `${style.dim(clockTime(at))} ${[stream, entry_id, what].map(sanitizeLine).join(' ')}`
  },
}
