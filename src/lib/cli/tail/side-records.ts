import type {Frame} from '../../../contract/resources.js'
import type {Printer} from '../../output/printer.js'
import {eventView} from '../../output/views/event.js'
import type {View} from '../../output/views/view.js'
import type {FeedEvent} from '../../realtime/feed/feed-types.js'
import type {SideRecords} from './run.js'
import {
  endRecord,
  feedRecord,
  lateRecord,
  type StreamEnd,
  type StreamRecord,
  serverRecord,
} from './stream-records.js'

/** Stream records come with `--json` only: the printer asks for a view and does not use it. */
const recordView: View<StreamRecord> = {columns: []}

/** What the printing of records needs. */
export interface SideRecordOptions {
  readonly out: Printer
  /** Whether stream records are wanted (`--events`); events of the server come out in any case. */
  readonly withEvents: boolean
  readonly now: () => Date
  /** Awaited when the stream has come to its `ready`. */
  readonly onReady?: ((event: FeedEvent) => Promise<void>) | undefined
}

/** Prints stream records and events of the server. */
export class SideRecordPrinter implements SideRecords {
  readonly #options: SideRecordOptions

  constructor(options: SideRecordOptions) {
    this.#options = options
  }

  readonly late: SideRecords['late'] = ({channel, message}) =>
    this.#print(lateRecord(channel, message.id, this.#options.now()))

  feedEvent(event: FeedEvent): Promise<void> | undefined {
    const {now, onReady} = this.#options
    if (event.type !== 'ready' || onReady === undefined) return this.#print(feedRecord(event, now()))
    return onReady(event).then(() => this.#print(feedRecord(event, now())))
  }

  frame(frame: Frame): Promise<void> | undefined {
    const {out, now} = this.#options
    return out.record(serverRecord(frame, now()), eventView)
  }

  /** The last record. */
  end(end: StreamEnd): Promise<void> | undefined {
    return this.#print(endRecord(end, this.#options.now()))
  }

  #print(record: StreamRecord | undefined): Promise<void> | undefined {
    const {out, withEvents} = this.#options
    return withEvents && record !== undefined ? out.record(record, recordView) : undefined
  }
}
