import type {WebhookDelivery} from '../../../contract/resources.js'
import {truncate} from '../formats/layout.js'
import {sanitizeLine} from '../sanitize.js'
import {clockTime} from '../time.js'
import type {View} from './view.js'

/** A delivery as it came, and when. */
export interface WebhookRecord extends WebhookDelivery {
  /** RFC 3339, by this machine's clock. */
  readonly received_at: string
}

/** Of data without words of its own: enough to see what it is about. */
const LONGEST_JSON = 160

/**
 * A delivery in a stream: `HH:MM:SS message_sent #general alice: hello` at a terminal, time, event and data as JSON in a
 * pipe, separated by tabs.
 */
export const webhookRecordView: View<WebhookRecord> = {
  columns: [
    {header: 'time', value: record => record.received_at},
    {header: 'event', value: record => record.event},
    {header: 'data', value: ({data}) => JSON.stringify(data ?? null)},
  ],
  jsonFields: ['event', 'data', 'received_at'],
  line: ({received_at, event, data}, {isTTY, style}) =>
    isTTY
      ? `${style.dim(clockTime(received_at))} ${style.bold(sanitizeLine(event))} ${sanitizeLine(summary(data))}`
      : [received_at, sanitizeLine(event), sanitizeLine(JSON.stringify(data ?? null))].join('\t'),
}

function summary(data: unknown): string {
  const fields: Readonly<Record<string, unknown>> =
    typeof data === 'object' && data !== null && !Array.isArray(data) ? {...data} : {}
  const {content, room_id, room_name, username} = fields
  if (typeof username !== 'string') return beginningOf(data)
  const room = typeof room_name === 'string' ? room_name : room_id
  const place = typeof room === 'string' || typeof room === 'number' ? `#${room} ` : ''
  return `${place}${username}${typeof content === 'string' ? `: ${content}` : ''}`
}

/** Counted in UTF-16 units, which cost nothing to count; no character is cut in two. */
function beginningOf(data: unknown): string {
  return truncate(JSON.stringify(data ?? null), LONGEST_JSON, text => text.length)
}
