import type {FeedQueue} from '../queue/queue.js'
import type {Demand} from './beat.js'
import type {Channels} from './channels.js'
import type {Discover, FeedEffects, ReadPage, RefusalPolicy} from './feed-types.js'
import type {Journal} from './journal.js'

/** What a session shares with those before and after it. */
export interface SessionContext {
  readonly channels: Channels
  readonly queue: FeedQueue
  readonly readPage: ReadPage
  readonly discover: Discover | undefined
  readonly onRefusal: RefusalPolicy
  readonly effects: FeedEffects
  /** The end of the feed. */
  readonly signal: AbortSignal
  /** Milliseconds from one comparison with history to the next, 0 for none. */
  readonly reconcileEveryMs: number
  readonly demand: Demand
  /** Whether rooms are left at the end of the feed. */
  readonly leaves: boolean
  /** Whether a session before this one was live. */
  readonly isAgain: boolean
  readonly journal: Journal
}
