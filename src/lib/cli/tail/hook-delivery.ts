import type {Message} from '../../../contract/resources.js'
import type {Channel} from '../../realtime/channel.js'
import type {OpenCursor} from '../cursor-flags.js'
import type {HookItem} from '../hooks/hook-runner.js'
import {CursorMarks} from './cursor-marks.js'
import type {CheckpointItem, Delivery, MessageItem} from './delivery.js'
import {recordOf} from './print-delivery.js'

/** A message on its way through a hook. */
export interface TailHookItem extends HookItem<Message> {
  readonly channel: Channel
}

/** Of `HookRunner`, what is needed here. */
export interface Hooks {
  take(item: TailHookItem): Promise<void> | undefined
  idle(): Promise<void>
}

/** What running hooks needs. */
export interface HookDeliveryOptions {
  readonly hooks: Hooks
  /** Keeps which messages are done with: those whose hook has ended well are told by `done`. */
  readonly keeper: OpenCursor | undefined
  /** The name of the room that a message of history leaves out. */
  readonly nameOf: (channel: Channel) => string | undefined
}

/** Runs a command for each message. A cursor passes a message once its command has ended well. */
export class HookDelivery implements Delivery {
  readonly #options: HookDeliveryOptions
  readonly #marks: CursorMarks

  constructor(options: HookDeliveryOptions) {
    this.#options = options
    this.#marks = new CursorMarks(options.keeper)
  }

  message(item: MessageItem): Promise<void> | undefined {
    this.#marks.taken(item)
    return this.#options.hooks.take({channel: item.channel, record: this.#named(item)})
  }

  skipped(item: MessageItem): void {
    this.#marks.taken(item)
    this.#marks.done([item])
  }

  postponed(item: MessageItem): void {
    this.#marks.taken(item)
  }

  checkpoint(item: CheckpointItem): void {
    this.#marks.checkpoint(item)
  }

  settle(): undefined {
    return undefined
  }

  finish(): Promise<void> {
    return this.#options.hooks.idle()
  }

  #named(item: MessageItem): Message {
    const record = recordOf(item)
    if (item.channel.kind === 'dm' || record.room_name !== undefined) return record
    const name = this.#options.nameOf(item.channel)
    return name === undefined ? record : {...record, room_name: name}
  }
}
