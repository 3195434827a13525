import type {Message} from '../../contract/resources.js'
import type {RoomFeed} from '../realtime/feed.js'

/** How a feed is printed. */
export interface PrintFeedOptions {
  /** End after so many messages; undefined: when the feed ends. */
  readonly count: number | undefined
  /** Prints one; a promise where the reader is slower. */
  readonly print: (message: Message) => Promise<void> | undefined
}

/** Prints a feed to its end or to `count` messages, batch by batch: a promise a message would cost more than the message. */
export async function printFeed(
  feed: RoomFeed,
  {count = Number.POSITIVE_INFINITY, print}: PrintFeedOptions,
): Promise<void> {
  let left = count
  for (let batch = await feed.nextBatch(); batch !== undefined; batch = await feed.nextBatch()) {
    for (const message of batch) {
      const full = print(message)
      if (full !== undefined) await full
      left -= 1
      if (left === 0) return
    }
  }
}
