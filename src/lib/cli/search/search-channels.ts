import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../../realtime/channel.js'
import type {PageBack} from './pages-back.js'

/** A way back through one channel. */
export interface ChannelBack {
  readonly channel: Channel
  readonly pages: AsyncIterator<PageBack>
}

/** A message that was searched for, and where it is. */
export interface Hit {
  readonly channel: Channel
  readonly message: Message
}

/** What has come out of one page. */
export interface Progress {
  /** Newest first, and none of them newer than those before. */
  readonly hits: readonly Hit[]
  /** Messages that were looked at in this page. */
  readonly read: number
  /** Of all channels everything above this id has been looked at. */
  readonly frontier: number
}

interface Way extends ChannelBack {
  low: number
}

/**
 * Looks through several channels at once, newest first, as one: always goes on in the one that lies furthest behind. Only
 * hits stay in memory, and of these no more than a page a channel. Takes it that ids are the server's, not the channel's.
 */
export async function* searchChannels(
  channels: readonly ChannelBack[],
  pick: (rows: readonly Message[]) => readonly Message[],
): AsyncGenerator<Progress> {
  const ways = new Set<Way>(channels.map(channel => ({...channel, low: Number.POSITIVE_INFINITY})))
  let waiting: Hit[] = []
  for (let way = newest(ways); way !== undefined; way = newest(ways)) {
    const next = await way.pages.next()
    const rows = next.done ? [] : next.value.rows
    if (next.done) ways.delete(way)
    else way.low = next.value.low
    const {channel} = way
    waiting.push(...pick(rows).map(message => ({channel, message})))
    const frontier = newest(ways)?.low ?? 0
    const isDue = ({message}: Hit): boolean => message.id >= frontier
    const hits = waiting.filter(isDue).sort((a, b) => b.message.id - a.message.id)
    if (hits.length > 0) waiting = waiting.filter(hit => !isDue(hit))
    yield {hits, read: rows.length, frontier}
  }
}

function newest(ways: ReadonlySet<Way>): Way | undefined {
  let best: Way | undefined
  for (const way of ways) if (best === undefined || way.low > best.low) best = way
  return best
}
