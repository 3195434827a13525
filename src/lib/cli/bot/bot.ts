import {setTimeout as sleep} from 'node:timers/promises'
import {PHRASES} from '../../bot/phrases.js'
import {inheritedVariables} from '../../config/environment.js'
import type {VezaError} from '../../errors/veza-error.js'
import {type Metrics, noMetrics} from '../../metrics/metrics.js'
import type {Io} from '../../output/io.js'
import {botRecordView} from '../../output/views/bot-record.js'
import type {FeedEvent} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import {counted, Ending} from '../ending.js'
import {ClosedPipe} from '../lifetime.js'
import {openMetrics} from '../metrics/open-metrics.js'
import {presentError} from '../present-error.js'
import type {Followed} from '../tail/channels.js'
import {reportFeedEvent} from '../tail/report.js'
import {AnswerSender} from './answer-sender.js'
import {findBotChannels} from './bot-channels.js'
import {BotCounters} from './bot-counters.js'
import type {BotRequest} from './bot-flags.js'
import {BotRun} from './bot-run.js'
import type {BotSource} from './bot-source.js'
import {CommandFile, reloadOnHangup} from './command-file.js'
import {type Finishing, openFinishing} from './finishing.js'
import {openLocalSource} from './local-source.js'
import {Responder} from './responder.js'
import {Roles} from './roles.js'
import {trackGroups} from './running-groups.js'
import type {SharedRequest} from './shared/shared-source.js'

const PREFIX = '!bot'
const DM_CAP = {amount: 10, perMs: 600_000}
const MAX_AGE_MS = 3_600_000

/** What a bot is made of. */
export interface BotParts {
  readonly context: Context
  readonly io: Io
  readonly request: BotRequest
}

interface Opened {
  readonly botId: number
  readonly file: CommandFile
  readonly finishing: Finishing
  readonly followed: Followed
  readonly source: BotSource
}

/** One bot, from its flags to its last line. */
export class Bot {
  readonly #context: Context
  readonly #io: Io
  readonly #request: BotRequest & {readonly prefix: string}
  readonly #ending = new Ending()
  readonly #closers: (() => unknown)[] = []
  #metrics: Metrics = noMetrics
  #counters = new BotCounters(noMetrics)
  #run: BotRun | undefined
  #source: BotSource | undefined
  #failure: VezaError | undefined

  constructor({context, io, request}: BotParts) {
    this.#context = context
    this.#io = io
    this.#request = {...request, prefix: request.prefix ?? PREFIX}
  }

  /** Answers until a signal or an error ends it. */
  async run(): Promise<void> {
    const {out, signal} = this.#context
    const file = await CommandFile.open(this.#request.commands, signal, out)
    if (this.#request.commands !== undefined) this.#closers.push(reloadOnHangup(process, file, out))
    await this.#openMetrics()
    const finishing = openFinishing(this.#context, this.#metrics)
    const {id: botId} = await this.#context.api.users.me()
    const followed = await findBotChannels(this.#context, this.#request)
    const source = await this.#openSource({botId, finishing, followed})
    const run = await this.#open({botId, file, finishing, followed, source})
    this.#run = run
    await this.#io.watchReader()
    try {
      source.attach(run)
      await run.run()
      await source.end()
    } catch (error) {
      this.#failure ??= presentError(error, signal.reason)
    }
    if (signal.reason instanceof ClosedPipe) return
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Closes whatever is open. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#closers.reverse().map(async close => close()))
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    const label = this.#source?.label
    const how = label === undefined ? 'the next run goes on from here' : `go on with the same ${label}`
    return this.#ending.line(reason, `${counted(this.#counters.results.answered, 'message')} answered`, how)
  }

  /** Closed last, so that they have everything. */
  async #openMetrics(): Promise<void> {
    const {metrics, close} = await openMetrics(
      this.#context,
      this.#request,
      this.#request.redis === true ? ['client', 'bot', 'relay'] : ['client', 'bot'],
    )
    this.#closers.unshift(close)
    this.#metrics = metrics
    this.#counters = new BotCounters(metrics)
  }

  async #openSource(opened: Pick<Opened, 'botId' | 'finishing' | 'followed'>): Promise<BotSource> {
    const opening = {
      ...opened,
      context: this.#context,
      request: this.#request,
      metrics: this.#metrics,
      onEvent: (event: FeedEvent) => this.#onEvent(event, opened.followed),
      onFailure: (error: VezaError) => this.#fail(error),
    }
    const source = this.#request.redis === true ? await openShared(opening) : await openLocalSource(opening)
    this.#source = source
    this.#closers.push(() => source.close())
    return source
  }

  async #open({botId, file, finishing, followed, source}: Opened): Promise<BotRun> {
    const context = this.#context
    const {permit} = source
    const sending = {
      context,
      delivering: finishing,
      botId,
      persist: finishing.persist,
      metrics: this.#metrics,
    }
    const sender = await AnswerSender.open({...sending, permit})
    this.#closers.push(() => sender.close())
    const {prefix, 'max-age': maxAgeMs = MAX_AGE_MS} = this.#request
    const run = new BotRun({
      feed: source.feed,
      marks: source.marks,
      rules: () => ({botId, prefix, commands: file.commands}),
      maxAgeMs,
      now: () => Date.now() + context.network.skewMs,
      responder: this.#responder(file, finishing, followed),
      sender,
      counters: this.#counters,
      print: record => context.out.record(record, botRecordView),
      onReady: event => source.whenReady(() => this.#onReady(event, followed)),
      onFailure: error => this.#fail(presentError(error)),
      out: context.out,
      signal: context.signal,
    })
    this.#counters.follow(source.feed, run)
    return run
  }

  #responder(file: CommandFile, {api, persist}: Finishing, followed: Followed): Responder {
    const {network, out, signal} = this.#context
    const running = trackGroups(process)
    this.#closers.push(() => running.release())
    const {'dm-cap': dmCap = DM_CAP, language = 'en', prefix} = this.#request
    return new Responder({
      prefix,
      dmCap,
      persist,
      signal,
      running,
      phrases: PHRASES[language],
      commands: () => file.commands,
      generation: () => file.generation,
      stats: () => this.#counters.stats,
      roles: new Roles(api, () => performance.now()),
      nameOf: channel => followed.nameOf(channel),
      variables: inheritedVariables(),
      now: () => new Date(Date.now() + network.skewMs),
      sleep: (delayMs, until) => sleep(delayMs, undefined, {signal: until}),
      warn: text => out.warn(text),
    })
  }

  #onEvent(event: FeedEvent, followed: Followed): void {
    if (event.type !== 'ready') reportFeedEvent(event, followed, this.#context.out)
  }

  #onReady(event: FeedEvent, followed: Followed): void {
    this.#ending.begin()
    reportFeedEvent(event, followed, this.#context.out)
  }

  /** Something that the promise of the bot hangs on has failed. */
  #fail(error: VezaError): void {
    this.#failure ??= error
    this.#run?.stop()
  }
}

/** What talks to Redis is loaded by who shares alone. */
async function openShared(opening: SharedRequest): Promise<BotSource> {
  const {openSharedSource} = await import('./shared/shared-source.js')
  return openSharedSource(opening)
}
