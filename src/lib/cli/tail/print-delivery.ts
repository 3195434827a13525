import type {Message} from '../../../contract/resources.js'
import type {OpenCursor} from '../cursor-flags.js'
import {CursorMarks} from './cursor-marks.js'
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
  readonly #marks: CursorMarks
  /** Of this batch, what a cursor is to pass. */
  #passing: MessageItem[] = []

  constructor(options: PrintDeliveryOptions) {
    this.#options = options
    this.#marks = new CursorMarks(options.keeper)
  }

  message(item: MessageItem): Promise<void> | undefined {
    this.skipped(item)
    return this.#options.print(recordOf(item))
  }

  skipped(item: MessageItem): void {
    if (!this.#marks.areKept) return
    this.#marks.taken(item)
    this.#passing.push(item)
  }

  postponed(item: MessageItem): void {
    this.#marks.taken(item)
  }

  checkpoint(item: CheckpointItem): void {
    this.#marks.checkpoint(item)
  }

  settle(): Promise<void> | undefined {
    return this.#marks.areKept ? this.#keep() : undefined
  }

  async finish(): Promise<void> {}

  async #keep(): Promise<void> {
    await this.#options.flush()
    this.#marks.done(this.#passing)
    this.#passing = []
  }
}

/** The message as it comes out. */
export function recordOf({late, message}: MessageItem): Message {
  return late ? {...message, late: true} : message
}
