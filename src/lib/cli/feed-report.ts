import {VezaError} from '../errors/veza-error.js'
import type {Printer} from '../output/printer.js'
import type {FeedEvent} from '../realtime/feed.js'
import {counted} from './ending.js'

/** Tells on stderr what happens to a feed beside its messages. `room` is what the user called it. */
export function describeFeedEvent(event: FeedEvent, room: string, out: Printer): void {
  if (event.type === 'ready') out.ready(`listening to ${room}`)
  if (event.type === 'disconnected') out.notice(`disconnected: ${reasonOf(event.error)}`)
  if (event.type === 'reconnecting') out.notice(reconnecting(event))
  if (event.type === 'reconnected') out.notice(`reconnected after ${(event.downMs / 1000).toFixed(1)} s`)
  if (event.type === 'gap_filled') out.notice(`fetched ${counted(event.count, 'message')} from history`)
  if (event.type === 'warning') out.warn(event.message)
}

function reconnecting({attempt, delayMs, error}: Extract<FeedEvent, {type: 'reconnecting'}>): string {
  return `connecting again in ${(delayMs / 1000).toFixed(1)} s (try ${attempt}): ${reasonOf(error)}`
}

function reasonOf(error: unknown): string {
  return error instanceof VezaError ? error.message : 'the connection broke'
}
