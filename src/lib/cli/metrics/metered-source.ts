import type {Metrics} from '../../metrics/metrics.js'
import type {Dialled, FeedEvent, FeedOptions, ReadPage} from '../../realtime/feed/feed-types.js'
import {countError, timed} from './timed.js'

type Connect = FeedOptions['connect']
type OnEvent = NonNullable<FeedOptions['onEvent']>

/** Times each attempt to connect, and keeps when one succeeded last. */
export function meterConnect(connect: Connect, metrics: Metrics, now: () => number): Connect {
  if (!metrics.isOn) return connect
  let lastMs = 0
  metrics.collect(set => set('veza_last_connect_timestamp_seconds', {}, lastMs / 1000))
  return async (signal, about): Promise<Dialled> => {
    const dialled = await timed(metrics, 'connect', () => connect(signal, about))
    lastMs = now()
    return dialled
  }
}

/** Times each page of history, and counts those that could not be read. */
export function meterPages(readPage: ReadPage, metrics: Metrics): ReadPage {
  if (!metrics.isOn) return readPage
  return async (channel, query) => {
    try {
      return await timed(metrics, 'history', () => readPage(channel, query))
    } catch (error) {
      if (!query.signal.aborted) countError(metrics, error)
      throw error
    }
  }
}

/** Counts what goes wrong with a connection, and how long there is none. */
export function meterEvents(onEvent: OnEvent | undefined, metrics: Metrics): OnEvent | undefined {
  if (!metrics.isOn) return onEvent
  return event => {
    note(event, metrics)
    onEvent?.(event)
  }
}

function note(event: FeedEvent, metrics: Metrics): void {
  if (event.type === 'reconnecting' || event.type === 'unfollowed') countError(metrics, event.error)
  if (event.type === 'reconnected') metrics.add('veza_feed_down_seconds_total', {}, event.downMs / 1000)
}
