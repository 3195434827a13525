import {truncate} from '../formats/layout.js'
import {sanitizeLine} from '../sanitize.js'
import {clockTime} from '../time.js'
import type {View} from './view.js'

/** An event of the server that is no message (section 5 of the contract), when it came, and its exact data. */
export interface EventRecord {
  readonly event: string
  /** RFC 3339. */
  readonly at: string
  readonly data: Readonly<Record<string, unknown>>
}

type Data = EventRecord['data']

/** Of an event without words of its own: enough to see what it is about. */
const LONGEST_JSON = 160

/** What an event says; undefined where its data is not what the contract has. A Map: an event may be called anything. */
const SENTENCES = new Map<string, (data: Data) => string | undefined>([
  ['reaction_added', data => reaction(data, 'reacted', 'to')],
  ['reaction_removed', data => reaction(data, 'took', 'back from')],
  ['user_presence', presence],
])

/**
 * An event in a stream: `HH:MM:SS * alice reacted 👍 to #123` at a terminal, `at<TAB>*<TAB>...` in a pipe, so that
 * its columns are those of a message. One of unknown type: the type and the beginning of its data.
 */
export const eventView: View<EventRecord> = {
  columns: [
    {header: 'time', value: record => record.at},
    {header: 'event', value: sentence},
  ],
  line: (record, {isTTY, style}) => {
    const text = sanitizeLine(sentence(record))
    return isTTY
      ? `${style.dim(clockTime(record.at))} * ${text}`
      : `${style.dim(sanitizeLine(record.at))}\t*\t${text}`
  },
}

function sentence({event, data}: EventRecord): string {
  return SENTENCES.get(event)?.(data) ?? `${event} ${beginningOf(data)}`
}

/** Counted in UTF-16 units, which cost nothing to count; no character is cut in two. */
function beginningOf(data: Data): string {
  return truncate(JSON.stringify(data), LONGEST_JSON, text => text.length)
}

function reaction(data: Data, did: string, where: string): string | undefined {
  const {emoji, message_id} = data
  if (typeof emoji !== 'string' || typeof message_id !== 'number') return undefined
  return `${userOf(data)} ${did} ${emoji} ${where} #${message_id}`
}

function presence(data: Data): string | undefined {
  const {status, message} = data
  if (typeof status !== 'string') return undefined
  const note = typeof message === 'string' && message !== '' ? `: ${message}` : ''
  return `${userOf(data)} is ${status}${note}`
}

function userOf({username, user_id}: Data): string {
  if (typeof username === 'string') return username
  return typeof user_id === 'number' ? `user ${user_id}` : 'somebody'
}
