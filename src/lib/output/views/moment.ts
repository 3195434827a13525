import {relativeTime} from '../time.js'
import type {ViewContext} from './view.js'

/** A time of a record: relative at a terminal, in a pipe as the server wrote it. */
export function moment(timestamp: string | null | undefined, context: ViewContext): string {
  if (timestamp === undefined || timestamp === null) return ''
  return context.isTTY ? relativeTime(timestamp, context.now) : timestamp
}
