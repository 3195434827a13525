import type {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {FeedEvent} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import type {Followed} from '../tail/channels.js'
import {openContextFeed, pageReader} from '../tail/context-feed.js'
import {CursorMarks} from '../tail/cursor-marks.js'
import {startsOf} from '../tail/starts.js'
import {openBotCursor} from './bot-cursor.js'
import type {BotRequest} from './bot-flags.js'
import type {BotSource} from './bot-source.js'

/** What a source is opened with. */
export interface SourceRequest {
  readonly context: Context
  readonly request: BotRequest & {readonly prefix: string}
  readonly botId: number
  readonly followed: Followed
  readonly metrics: Metrics
  readonly onEvent: (event: FeedEvent) => void
  /** Something that the promise of the bot hangs on has failed. */
  readonly onFailure: (error: VezaError) => void
}

/**
 * For a bot that is the only one: its cursor is a file.
 * @throws {VezaError} as `openBotCursor`.
 */
export async function openLocalSource(opening: SourceRequest): Promise<BotSource> {
  const {context, followed, metrics, onEvent, request} = opening
  const keeper = await openBotCursor(context, request, opening)
  try {
    const channels = await startsOf(followed, {
      last: undefined,
      since: undefined,
      cursor: keeper.cursor,
      readPage: pageReader(context),
      signal: context.signal,
    })
    const wishes = {channels, discover: followed.discover, leaves: true, onEvent}
    const feed = openContextFeed(context, wishes, metrics)
    const marks = new CursorMarks(keeper)
    return {
      feed,
      marks: {
        isOurs: () => true,
        taken: item => marks.taken(item),
        done: items => marks.done(items),
        checkpoint: item => marks.checkpoint(item),
      },
      label: request.cursor === undefined && request.resume === undefined ? undefined : keeper.label,
      attach: () => undefined,
      // What is sent from then on is never missed.
      whenReady: tell => keeper.saved().then(tell),
      end: () => keeper.close(),
      close: async () => {
        await feed.close()
        await keeper.close()
      },
    }
  } catch (error) {
    await keeper.close()
    throw error
  }
}
