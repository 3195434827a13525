import type {Message} from '../../../contract/resources.js'
import type {OpenCursor} from '../cursor-flags.js'
import type {CheckpointItem, Delivery, MessageItem} from './delivery.js'

/** What printing needs. */
export interface PrintDeliveryOptions {
  /** Prints one; a promise where the reader is slower. */
  readonly print: (message: Message) => Promise<void> | undefined
  /** Resolves once the system has what was printed; rejects where the reader has gone. */
  readonly flush: () => Promise<void>
  /** Keeps what has come out. */
  readonly keeper: OpenCursor | undefined
}

/** Prints messages. A cursor passes them once the system has them, a batch at a time. */
export class PrintDelivery implements Delivery {
  readonly #options: PrintDeliveryOptions
  /** Of this batch, what a cursor is to pass. */
  #passing: MessageItem[] = []

  constructor(options: PrintDeliveryOptions) {
    this.#options = options
  }

  message(item: MessageItem): Promise<void> | undefined {
    this.skipped(item)
    return this.#options.print(recordOf(item))
  }

  skipped(item: MessageItem): void {
    if (this.#options.keeper === undefined) return
    this.postponed(item)
    this.#passing.push(item)
  }

  postponed({channel, message}: MessageItem): void {
    this.#options.keeper?.cursor.taken(channel, message.id)
  }

  checkpoint({channel, id}: CheckpointItem): void {
    const {keeper} = this.#options
    keeper?.cursor.checkpoint(channel, id)
    keeper?.changed()
  }

  settle(): Promise<void> | undefined {
    const {keeper} = this.#options
    return keeper === undefined ? undefined : this.#keep(keeper)
  }

  async finish(): Promise<void> {}

  async #keep({cursor, changed}: OpenCursor): Promise<void> {
    await this.#options.flush()
    for (const {channel, message} of this.#passing) cursor.done(channel, message.id)
    this.#passing = []
    changed()
  }
}

/** The message as it comes out. */
export function recordOf({late, message}: MessageItem): Message {
  return late ? {...message, late: true} : message
}
