import {join} from 'node:path'
import {type Metrics, noMetrics} from '../../metrics/metrics.js'
import {openFeed} from '../../realtime/feed/feed.js'
import type {Feed, FeedOptions, ReadPage} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import {connectionEffects, dial} from '../dial.js'
import {meterFeed} from '../metrics/metered-feed.js'
import {meterConnect, meterEvents, meterPages} from '../metrics/metered-source.js'

/** What of a feed is not the same for all of them. */
export type FeedRequest = Pick<
  FeedOptions,
  'channels' | 'discover' | 'onRefusal' | 'leaves' | 'maxReconnects' | 'onLag' | 'onEvent'
>

/**
 * A feed over the session, settings and connections of this run (section 5 of the contract).
 * @param metrics what the feed measures itself into. Default: none.
 */
export function openContextFeed(context: Context, request: FeedRequest, metrics: Metrics = noMetrics): Feed {
  const {network, paths, settings, signal, tally} = context
  const feed = openFeed({
    ...request,
    effects: connectionEffects,
    signal,
    spillDir: join(paths.stateDir, 'spill'),
    firstReconnects: settings.retries,
    firstDelayMs: settings.retryDelayMs,
    maxDelayMs: settings.maxRetryDelayMs,
    reconcileEveryMs: settings.pingIntervalMs,
    connect: meterConnect((until, {tokenRefused}) => dial(context, until, tokenRefused), metrics, Date.now),
    readPage: meterPages(pageReader(context), metrics),
    onEvent: meterEvents(request.onEvent, metrics),
  })
  metrics.collect(set => set('veza_token_refreshes_total', {}, tally.tokenRefreshes))
  return meterFeed(feed, {metrics, now: Date.now, skewMs: () => network.skewMs})
}

/** Reads pages of history (section 4 of the contract). */
export function pageReader({api}: Context): ReadPage {
  return ({kind, id}, query) => (kind === 'room' ? api.messages.list(id, query) : api.dms.messages(id, query))
}
