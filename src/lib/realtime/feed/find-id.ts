import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../channel.js'
import type {PageQuery, ReadPage} from './feed-types.js'
import {PAGE_ROWS} from './trail.js'

/**
 * The id in a channel after which everything is at or after `timeMs` (milliseconds since 1970), by the server's
 * `created_at`: 0 where that is everything, the newest id where it is nothing. It need not be that of a message.
 *
 * Reads the newest page, and where that does not reach back far enough halves the ids before it, a message at a time,
 * until one page holds the rest: two pages and log2(highest id / 100) single messages at most. Takes it that times do
 * not fall as ids grow; where they do so by a little, as they may on a busy server, what is next to the place found
 * counts by its own time.
 * @throws {VezaError} `not_protocol` when a message has no time, or the server gives others than asked for; what `readPage` throws.
 */
export async function findIdBefore(
  readPage: ReadPage,
  channel: Channel,
  timeMs: number,
  signal: AbortSignal,
): Promise<number> {
  const newest = await readPage(channel, {limit: PAGE_ROWS, signal})
  const first = firstFrom(newest.items, timeMs)
  if (first === undefined) return Math.max(0, ...newest.items.map(({id}) => id))
  const isOldest = newest.items.every(({id}) => id >= first)
  if (!isOldest) return first - 1
  if (!newest.has_more) return 0
  return searchBelow(first, timeMs, query => readBefore(readPage, channel, {...query, signal}))
}

/** As `findIdBefore`, where the message `first` is at or after the time and not the only one. */
async function searchBelow(
  first: number,
  timeMs: number,
  read: (query: {limit: number; beforeId: number}) => Promise<readonly Message[]>,
): Promise<number> {
  // Up to `low` all is before the time; `high` is not.
  let low = 0
  let high = first
  while (high - low > PAGE_ROWS + 1) {
    const middle = low + Math.floor((high - low) / 2)
    const [message] = await read({limit: 1, beforeId: middle + 1})
    if (message === undefined || timeOf(message) < timeMs) low = middle
    else high = message.id
  }
  const rest = await read({limit: PAGE_ROWS, beforeId: high})
  return (firstFrom(rest, timeMs) ?? high) - 1
}

async function readBefore(
  readPage: ReadPage,
  channel: Channel,
  query: PageQuery & {readonly beforeId: number},
): Promise<readonly Message[]> {
  const {items} = await readPage(channel, query)
  // A server that gives the newest instead would have this go on for ever.
  if (items.some(({id}) => id >= query.beforeId))
    throw new VezaError('not_protocol', 'the server takes no notice of before_id')
  return items
}

/** The lowest id at or after a time, undefined where all are before it. */
function firstFrom(messages: readonly Message[], timeMs: number): number | undefined {
  const ids = messages.filter(message => timeOf(message) >= timeMs).map(({id}) => id)
  return ids.length === 0 ? undefined : Math.min(...ids)
}

function timeOf({id, created_at}: Message): number {
  const timeMs = Date.parse(typeof created_at === 'string' ? created_at : '')
  if (Number.isNaN(timeMs)) {
    throw new VezaError('not_protocol', `message ${id} has no time that can be read`, {
      hint: 'name a message instead, by its id',
    })
  }
  return timeMs
}
