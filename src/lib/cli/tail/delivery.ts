import type {FeedItem} from '../../realtime/feed/feed-types.js'

/** A message of a feed, and its channel. */
export type MessageItem = Extract<FeedItem, {type: 'message'}>

/** A place in a feed up to which all was given out. */
export type CheckpointItem = Extract<FeedItem, {type: 'checkpoint'}>

/** What is done with the messages of a feed. */
export interface Delivery {
  /** Takes a wanted message; a promise where the next one has to wait. */
  message(item: MessageItem): Promise<void> | undefined
  /** Told of a message that the filters leave out. */
  skipped(item: MessageItem): void
  /** Told of a message that is for a later run. */
  postponed(item: MessageItem): void
  /** Told of a checkpoint, at its place among the messages. */
  checkpoint(item: CheckpointItem): void
  /** Told after each batch; a promise where the next has to wait. */
  settle(): Promise<void> | undefined
  /** Resolves when nothing that it took is under way any more. Throws what kept a message from being delivered. */
  finish(): Promise<void>
}
