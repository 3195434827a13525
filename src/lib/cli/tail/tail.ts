import {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Io} from '../../output/io.js'
import {systemTimers} from '../../realtime/connection/heartbeat.js'
import type {Feed, FeedEvent} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import {type OpenCursor, openCursor} from '../cursor-flags.js'
import {counted, Ending} from '../ending.js'
import {ClosedPipe} from '../lifetime.js'
import {presentError} from '../present-error.js'
import type {Followed} from './channels.js'
import {openContextFeed, pageReader} from './context-feed.js'
import {EndClock, type EndClockOptions} from './end-clock.js'
import {frameFilter, wantsMessages} from './event-types.js'
import {createFilter, type Filter, sentAfter} from './filters.js'
import {hasLeft} from './has-left.js'
import {openDelivery} from './open-delivery.js'
import type {Plan, TailRequest} from './plan.js'
import {reportFeedEvent} from './report.js'
import {TailRun} from './run.js'
import {SideRecordPrinter} from './side-records.js'
import {startsOf} from './starts.js'
import {accountFinder, wishesOf} from './wishes.js'

/** What a tail is made of. */
export interface TailParts {
  readonly context: Context
  readonly io: Io
  readonly request: TailRequest
  readonly plan: Plan
  readonly metrics: Metrics
  /** Finds the channels to follow. */
  readonly find: () => Promise<Followed>
}

/** What is open while a tail runs. */
interface Opened {
  readonly followed: Followed
  readonly feed: Feed
  readonly run: TailRun
  readonly side: SideRecordPrinter
}

/** One tail, from its flags to its last line. */
export class Tail {
  readonly #parts: TailParts
  readonly #ending = new Ending()
  readonly #closers: (() => Promise<void>)[] = []
  #keeper: OpenCursor | undefined
  #opened: Opened | undefined
  #failure: VezaError | undefined
  /** Where to go on if nothing more comes. */
  #beginId = 0
  /** Whether the reader has all that was printed. */
  #hasLeft = false

  constructor(parts: TailParts) {
    this.#parts = parts
  }

  /** Follows until a flag, a signal or an error ends it. */
  async run(): Promise<void> {
    const {context, find, io, request} = this.#parts
    this.#keeper = await openCursor(context, request, error => this.#fail(error))
    const opened = await this.#open(await find(), this.#keeper)
    this.#opened = opened
    await io.watchReader()
    try {
      await opened.run.run()
    } catch (error) {
      this.#failure ??= presentError(error, context.signal.reason)
    }
    await this.#finish(opened)
  }

  /** Closes whatever is open. */
  async close(): Promise<void> {
    await Promise.allSettled([...this.#closers.map(close => close()), this.#keeper?.close()])
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    if (this.#opened === undefined) return undefined
    const {run} = this.#opened
    const why = reason === 'done' ? this.#inWords(run) : reason
    const did = `${counted(run.printed, 'message')}${this.#parts.request.exec === undefined ? '' : ' given to --exec'}`
    return this.#ending.line(why, did, this.#resume(this.#opened))
  }

  async #open(followed: Followed, keeper: OpenCursor | undefined): Promise<Opened> {
    const {context, metrics, plan, request} = this.#parts
    const {out, signal} = context
    const {last, since, types, until} = request
    const me = accountFinder(context)
    const wanted = createFilter(await wishesOf(context, request, plan, me))
    const channels = await startsOf(followed, {
      last,
      since,
      cursor: keeper?.cursor,
      readPage: pageReader(context),
      signal,
    })
    const onFailure = (error: VezaError): void => this.#fail(error)
    const {delivery, close} = await openDelivery({...this.#parts, followed, keeper, me, onFailure})
    const beginId = channels[0]?.afterId
    const onEvent = (event: FeedEvent): void => this.#onEvent(event, followed, beginId)
    const feed = openContextFeed(
      context,
      {...feedFlags(request), channels, discover: followed.discover, onEvent},
      metrics,
    )
    this.#closers.push(() => feed.close(), close)
    const side = new SideRecordPrinter({
      out,
      withEvents: request.events === true,
      now: () => new Date(),
      onReady: keeper && (event => this.#onReady(event, followed, keeper)),
    })
    const run: TailRun = new TailRun({
      feed,
      delivery,
      side,
      wanted: wantsMessages(types) ? wanted : nothing,
      postponed: until === undefined ? undefined : sentAfter(until),
      frames: frameFilter(types ?? []),
      count: request.count,
      clock: clockOf(context, request, {confirm: () => feed.reconcile(), end: reason => run.end(reason)}),
      signal,
    })
    return {followed, feed, run, side}
  }

  #onEvent(event: FeedEvent, followed: Followed, afterId: number | undefined): void {
    if (event.type === 'ready') {
      this.#ending.begin()
      this.#beginId = afterId ?? event.channels[0]?.lastId ?? 0
      if (this.#keeper !== undefined) return
    }
    reportFeedEvent(event, followed, this.#parts.context.out)
  }

  /** With a cursor it is ready once the cursor knows where it began: what is sent from then on is never missed. */
  async #onReady(event: FeedEvent, followed: Followed, keeper: OpenCursor): Promise<void> {
    await keeper.saved()
    reportFeedEvent(event, followed, this.#parts.context.out)
  }

  /** Something that the promise of the tail hangs on has failed. */
  #fail(error: VezaError): void {
    this.#failure ??= error
    this.#opened?.run.stop()
  }

  /** The cursor is written before the stream says where it ends. */
  async #finish({feed, run, side}: Opened): Promise<void> {
    const {context, io} = this.#parts
    const {reason: aborted} = context.signal
    try {
      await this.#keeper?.close()
    } catch (error) {
      this.#failure ??= presentError(error)
    }
    if (aborted instanceof ClosedPipe) return
    this.#failure ??= aborted === undefined ? this.#overdue(run) : presentError(undefined, aborted)
    const reason = this.#failure?.code ?? endOf(run)
    const cursor = this.#keeper?.path
    await side.end({reason, cursor, printed: run.printed, counters: feed.counters})
    this.#hasLeft = await hasLeft(io, context.signal)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** What was asked for did not come in time. */
  #overdue({ended, printed}: TailRun): VezaError | undefined {
    const {count, deadlineMs = 0, 'idle-timeout': idleMs = 0} = this.#parts.request
    if (ended === 'timeout') return new VezaError('timeout', `--timeout ran out after ${deadlineMs / 1000} s`)
    if (ended !== 'idle' || count === undefined) return undefined
    return new VezaError(
      'timeout',
      `--idle-timeout ran out after ${idleMs / 1000} s with ${printed} of ${count}`,
    )
  }

  #inWords({ended}: TailRun): string {
    const {'idle-timeout': idleMs = 0} = this.#parts.request
    if (ended === 'idle') return `nothing came for ${idleMs / 1000} s`
    return ended === 'until' ? 'the time of --until has passed' : 'done'
  }

  #resume({followed, run}: Opened): string | undefined {
    if (this.#keeper !== undefined) return `go on with the same ${this.#keeper.label}`
    // An id that the reader does not have would make the next run skip it.
    if (this.#parts.request.exec !== undefined || !followed.isOne || !this.#hasLeft) return undefined
    const lastId = Math.max(run.lastId, this.#beginId)
    return lastId === 0 ? undefined : `go on with --since ${lastId}`
  }
}

const nothing: Filter = () => false

function endOf({ended}: TailRun): 'count' | 'idle' | 'until' | 'failed' {
  return ended === undefined || ended === 'timeout' ? 'failed' : ended
}

function feedFlags({'max-reconnects': maxReconnects, 'on-lag': onLag}: TailRequest) {
  return {maxReconnects, onLag}
}

function clockOf(
  {network}: Context,
  {'idle-timeout': idleMs, until: untilMs, deadlineMs: timeoutMs}: TailRequest,
  actions: Pick<EndClockOptions, 'confirm' | 'end'>,
): EndClock | undefined {
  if (idleMs === undefined && untilMs === undefined && timeoutMs === undefined) return undefined
  const serverNow = (): number => Date.now() + network.skewMs
  return new EndClock({...actions, timers: systemTimers, idleMs, untilMs, timeoutMs, serverNow})
}
