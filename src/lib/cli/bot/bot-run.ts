import {type BotRules, type Decision, decide, isOfOthers} from '../../bot/decide.js'
import {OwnMessages} from '../../bot/own-messages.js'
import type {Printer} from '../../output/printer.js'
import type {BotRecord} from '../../output/views/bot-record.js'
import {type Channel, channelKey} from '../../realtime/channel.js'
import type {Feed, FeedEvent, FeedItem} from '../../realtime/feed/feed-types.js'
import {counted} from '../ending.js'
import type {MessageItem} from '../tail/delivery.js'
import type {AnswerSender} from './answer-sender.js'
import type {BotCounters} from './bot-counters.js'
import type {BotMarks} from './bot-source.js'
import {Lanes} from './lanes.js'
import type {Owed, Responder} from './responder.js'
import {LostLease} from './shared/lost-lease.js'

/** So many channels are answered at once, */
const CHANNELS_AT_ONCE = 4
/** and so many messages may wait before no more are read. */
const MOST_WAITING = 100

/** What a run is made of. */
export interface BotRunOptions {
  readonly feed: Feed
  readonly marks: BotMarks
  readonly rules: () => Omit<BotRules, 'oldestMs'>
  /** What was older when its channel began here is left unanswered. */
  readonly maxAgeMs: number
  /** The server's clock, milliseconds since 1970. */
  readonly now: () => number
  readonly responder: Pick<Responder, 'reply'>
  readonly sender: Pick<AnswerSender, 'send'>
  readonly counters: BotCounters
  readonly print: (record: BotRecord) => Promise<void> | undefined
  /** Awaited at the stream's `ready`. */
  readonly onReady: (event: FeedEvent) => Promise<void>
  /** Told at once of what ends the run. */
  readonly onFailure: (error: unknown) => void
  readonly out: Pick<Printer, 'notice' | 'verbose'>
  readonly signal: AbortSignal
}

interface Job {
  readonly item: MessageItem
  readonly owed: Owed
  readonly startedMs: number
}

/**
 * From a feed to answers. The cursor passes a message once it is answered or needs no answer; each channel is answered in
 * order, several side by side. After a signal what is under way is finished, and what waits is left for the next run.
 */
export class BotRun {
  readonly #options: BotRunOptions
  readonly #marks: BotMarks
  readonly #lanes: Lanes<Job>
  readonly #own = new OwnMessages()
  /** By channel: one that is joined later has a history of its own, which nobody waits for. */
  readonly #oldestMs = new Map<string, number>()
  #old = 0
  #isStopped = false
  #printing: Promise<void> = Promise.resolve()

  constructor(options: BotRunOptions) {
    this.#options = options
    this.#marks = options.marks
    this.#lanes = new Lanes({
      width: CHANNELS_AT_ONCE,
      depth: MOST_WAITING,
      work: job => this.#work(job),
      onFailure: options.onFailure,
    })
  }

  /** Runs to the end. Throws what ends the feed, or what kept a message from being answered. */
  async run(): Promise<void> {
    const {feed, signal} = this.#options
    const stop = (): void => this.#lanes.stop()
    signal.addEventListener('abort', stop, {once: true})
    if (signal.aborted) stop()
    try {
      for (let batch = await feed.nextBatch(); batch !== undefined; batch = await feed.nextBatch()) {
        for (const item of batch) {
          if (signal.aborted || this.#isStopped) break
          await this.#take(item)
        }
      }
    } finally {
      await this.#lanes.idle().finally(() => signal.removeEventListener('abort', stop))
      await this.#printing
    }
  }

  /** How many messages are owed an answer and have none yet. */
  get pending(): number {
    return this.#lanes.size
  }

  /** Another bot is to answer in a channel: begins nothing more there, and resolves when what is under way has ended. */
  finish(channel: Channel): Promise<void> {
    const key = channelKey(channel)
    this.#oldestMs.delete(key)
    return this.#lanes.drop(key)
  }

  /** Reads and begins nothing more. */
  stop(): void {
    this.#isStopped = true
    this.#lanes.stop()
    void this.#options.feed.close()
  }

  #take(item: FeedItem): Promise<void> | undefined {
    if (item.type === 'event') return item.event.type === 'ready' ? this.#ready(item.event) : undefined
    if (item.type === 'frame' || !this.#marks.isOurs(item.channel)) return undefined
    if (item.type === 'message') return this.#message(item)
    if (item.type === 'checkpoint') {
      this.#oldestIn(item.channel)
      this.#marks.checkpoint(item)
    }
    return undefined
  }

  #message(item: MessageItem): Promise<void> | undefined {
    const {channel, message} = item
    const rules = {...this.#options.rules(), oldestMs: this.#oldestIn(channel)}
    this.#marks.taken(item)
    if (message.author_id === rules.botId) this.#own.add(message.id)
    const decision: Decision = isOfOthers(message, rules.botId)
      ? decide(message, channel, rules)
      : {type: 'ignore'}
    if (decision.type === 'old') this.#old += 1
    if (decision.type === 'ignore' || decision.type === 'old' || !isOfOthers(message, rules.botId)) {
      this.#marks.done([item])
      return undefined
    }
    const owed = {message, channel, decision, isReply: this.#own.isRepliedBy(message)}
    return this.#lanes.add(channelKey(channel), {item, owed, startedMs: performance.now()})
  }

  #oldestIn(channel: Channel): number {
    const {maxAgeMs, now} = this.#options
    const key = channelKey(channel)
    const oldestMs = this.#oldestMs.get(key) ?? now() - maxAgeMs
    this.#oldestMs.set(key, oldestMs)
    return oldestMs
  }

  async #ready(event: FeedEvent): Promise<void> {
    const {maxAgeMs, onReady, out} = this.#options
    if (this.#old > 0)
      out.notice(
        `${counted(this.#old, 'message')} older than ${maxAgeMs / 1000} s left unanswered (--max-age)`,
      )
    await onReady(event)
  }

  async #work(job: Job): Promise<void> {
    try {
      await this.#answer(job)
    } catch (error) {
      // What could not be finished in time is for the next run, and what is another bot's by now is for that one.
      if (!this.#options.signal.aborted && !(error instanceof LostLease)) throw error
    }
  }

  async #answer(job: Job): Promise<void> {
    const {responder, sender} = this.#options
    const {channel, message} = job.owed
    const reply = await responder.reply(job.owed)
    if (reply.type === 'stopped') return
    if (reply.type !== 'text') return this.#done(job, reply.type, undefined)
    const sent = await sender.send(message, channel, reply.text)
    if (sent === undefined) return this.#done(job, 'failed', undefined)
    await this.#done(job, sent.isRepeat ? 'repeated' : 'answered', sent.answerId)
  }

  #done(job: Job, result: BotRecord['result'], answerId: number | undefined): Promise<void> {
    const {counters, print} = this.#options
    this.#marks.done([job.item])
    counters.count(result, job.owed.channel.kind, (performance.now() - job.startedMs) / 1000)
    const record = recordOf(job, result, answerId)
    this.#printing = this.#printing.then(() => print(record))
    return this.#printing
  }
}

function recordOf(
  {owed, startedMs}: Job,
  result: BotRecord['result'],
  answerId: number | undefined,
): BotRecord {
  const {channel, decision, message} = owed
  return {
    message_id: message.id,
    ...(channel.kind === 'room' ? {room_id: channel.id} : {conversation_id: channel.id}),
    author_id: message.author_id,
    username: message.username,
    command: commandOf(decision),
    result,
    answer_id: answerId,
    took_ms: Math.round(performance.now() - startedMs),
    at: new Date().toISOString(),
  }
}

function commandOf(decision: Owed['decision']): string | null {
  if (decision.type === 'greeting') return null
  return decision.type === 'own' ? decision.command.name : decision.name
}
