import type {Channel} from '../channel.js'
import type {FeedQueue} from '../queue/queue.js'
import type {Demand} from './beat.js'
import type {Channels} from './channels.js'
import type {Discover, FeedEffects, ReadPage} from './feed-types.js'
import type {Gap} from './sync.js'

/** What a session shares with those before and after it. */
export interface SessionContext {
  readonly channels: Channels
  readonly queue: FeedQueue
  readonly readPage: ReadPage
  readonly discover: Discover | undefined
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
  /** A channel is filled; `gap` is what no frame had brought. */
  filled(channel: Channel, gap: Gap | undefined): void
  /** All channels are filled for the first time in this session. */
  live(): void
  /** A channel that was found is refused, and followed no longer. */
  unfollowed(channel: Channel, error: unknown): void
  late(count: number): void
  warn(message: string): void
  /** A frame could not be read. */
  malformed(problem: string): void
  /** The server reports an error that ends nothing. */
  reported(problem: string): void
}
