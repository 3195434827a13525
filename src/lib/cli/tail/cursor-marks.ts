import type {OpenCursor} from '../cursor-flags.js'
import type {CheckpointItem, MessageItem} from './delivery.js'

/** Tells the cursor, where there is one, which messages were taken and which are done with. */
export class CursorMarks {
  readonly #keeper: OpenCursor | undefined

  constructor(keeper: OpenCursor | undefined) {
    this.#keeper = keeper
  }

  /** Whether there is a cursor. */
  get areKept(): boolean {
    return this.#keeper !== undefined
  }

  /** A message that the cursor must not pass yet. */
  taken({channel, message}: MessageItem): void {
    this.#keeper?.cursor.taken(channel, message.id)
  }

  /** Messages that the cursor may pass. */
  done(items: readonly MessageItem[]): void {
    for (const {channel, message} of items) this.#keeper?.cursor.done(channel, message.id)
    this.#keeper?.changed()
  }

  /** A place that the cursor may pass once all before it is done. */
  checkpoint({channel, id}: CheckpointItem): void {
    this.#keeper?.cursor.checkpoint(channel, id)
    this.#keeper?.changed()
  }
}
