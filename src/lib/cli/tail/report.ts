import {VezaError} from '../../errors/veza-error.js'
import type {LogFields} from '../../output/formats/log.js'
import type {Printer} from '../../output/printer.js'
import type {FeedEvent} from '../../realtime/feed/feed-types.js'
import {counted} from '../ending.js'
import {type Followed, placeOf} from './channels.js'
import {eventFields} from './stream-records.js'

/** Tells on stderr what happens to a feed beside its messages. */
export function reportFeedEvent(event: FeedEvent, followed: Followed, out: Printer): void {
  const fields = logFields(event)
  if (event.type === 'ready') out.ready(`listening to ${followed.label}`, fields)
  if (event.type === 'disconnected') out.notice(`disconnected: ${reasonOf(event.error)}`, fields)
  if (event.type === 'reconnecting') out.notice(reconnecting(event), fields)
  if (event.type === 'reconnected')
    out.notice(`reconnected after ${(event.downMs / 1000).toFixed(1)} s`, fields)
  if (event.type === 'gap_filled') out.notice(gapFilled(event, followed), fields)
  if (event.type === 'unfollowed')
    out.warn(`no longer following ${placeOf(event.channel, followed)}: ${reasonOf(event.error)}`, fields)
  if (event.type === 'lagged') out.warn(lagged(event), fields)
  if (event.type === 'warning') out.warn(event.message)
}

/** What a log has beside the text; the reason is in the text already. */
function logFields(event: FeedEvent): LogFields {
  const {message: _reason, ...fields} = eventFields(event)
  return {event: event.type, ...fields}
}

function reconnecting({attempt, delayMs, error}: Extract<FeedEvent, {type: 'reconnecting'}>): string {
  return `connecting again in ${(delayMs / 1000).toFixed(1)} s (try ${attempt}): ${reasonOf(error)}`
}

function gapFilled({channel, count}: Extract<FeedEvent, {type: 'gap_filled'}>, followed: Followed): string {
  const place = followed.isOne ? '' : ` of ${placeOf(channel, followed)}`
  return `fetched ${counted(count, 'message')}${place} from history`
}

function lagged({count, total}: Extract<FeedEvent, {type: 'lagged'}>): string {
  return `the reader is too slow: ${counted(count, 'message')} dropped, ${total} in all`
}

function reasonOf(error: unknown): string {
  return error instanceof VezaError ? error.message : 'the connection broke'
}
