import {join} from 'node:path'
import {openFeed} from '../../realtime/feed/feed.js'
import type {Feed, FeedOptions, ReadPage} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import {connectionEffects, dial} from '../dial.js'

/** What of a feed is not the same for all of them. */
export type FeedRequest = Pick<FeedOptions, 'channels' | 'discover' | 'maxReconnects' | 'onLag' | 'onEvent'>

/** A feed over the session, settings and connections of this run (section 5 of the contract). */
export function openContextFeed(context: Context, request: FeedRequest): Feed {
  const {paths, settings, signal} = context
  return openFeed({
    ...request,
    effects: connectionEffects,
    signal,
    spillDir: join(paths.stateDir, 'spill'),
    firstReconnects: settings.retries,
    firstDelayMs: settings.retryDelayMs,
    maxDelayMs: settings.maxRetryDelayMs,
    reconcileEveryMs: settings.pingIntervalMs,
    connect: (until, {tokenRefused}) => dial(context, until, tokenRefused),
    readPage: pageReader(context),
  })
}

/** Reads pages of history (section 4 of the contract). */
export function pageReader({api}: Context): ReadPage {
  return ({kind, id}, query) => (kind === 'room' ? api.messages.list(id, query) : api.dms.messages(id, query))
}
