import {setTimeout as sleep} from 'node:timers/promises'
import {PHRASES} from '../../bot/phrases.js'
import {inheritedVariables} from '../../config/environment.js'
import type {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {botRecordView} from '../../output/views/bot-record.js'
import type {FeedEvent} from '../../realtime/feed/feed-types.js'
import type {Context} from '../context.js'
import type {OpenCursor} from '../cursor-flags.js'
import {counted, Ending} from '../ending.js'
import {ClosedPipe} from '../lifetime.js'
import {presentError} from '../present-error.js'
import type {Followed} from '../tail/channels.js'
import {openContextFeed, pageReader} from '../tail/context-feed.js'
import {reportFeedEvent} from '../tail/report.js'
import {startsOf} from '../tail/starts.js'
import {AnswerSender} from './answer-sender.js'
import {findBotChannels} from './bot-channels.js'
import {BotCounters} from './bot-counters.js'
import {openBotCursor} from './bot-cursor.js'
import type {BotRequest} from './bot-flags.js'
import {BotRun} from './bot-run.js'
import {CommandFile, reloadOnHangup} from './command-file.js'
import {type Finishing, openFinishing} from './finishing.js'
import {Responder} from './responder.js'
import {Roles} from './roles.js'
import {trackGroups} from './running-groups.js'

const PREFIX = '!bot'
const DM_CAP = {amount: 10, perMs: 600_000}
const MAX_AGE_MS = 3_600_000

/** What a bot is made of. */
export interface BotParts {
  readonly context: Context
  readonly io: Io
  readonly request: BotRequest
}

/** One bot, from its flags to its last line. */
export class Bot {
  readonly #context: Context
  readonly #io: Io
  readonly #request: BotRequest & {readonly prefix: string}
  readonly #ending = new Ending()
  readonly #counters = new BotCounters()
  readonly #closers: (() => unknown)[] = []
  #run: BotRun | undefined
  #cursorLabel: string | undefined
  #failure: VezaError | undefined

  constructor({context, io, request}: BotParts) {
    this.#context = context
    this.#io = io
    this.#request = {...request, prefix: request.prefix ?? PREFIX}
  }

  /** Answers until a signal or an error ends it. */
  async run(): Promise<void> {
    const {out, signal} = this.#context
    const file = await CommandFile.open(this.#request.commands, signal)
    const finishing = openFinishing(this.#context)
    const {id: botId} = await this.#context.api.users.me()
    const onFailure = (error: VezaError): void => this.#fail(error)
    const keeper = await openBotCursor(this.#context, this.#request, {botId, onFailure})
    this.#cursorLabel = keeper.label
    this.#closers.push(() => keeper.close())
    if (this.#request.commands !== undefined) this.#closers.push(reloadOnHangup(process, file, out))
    const run = await this.#open({botId, file, finishing, keeper})
    this.#run = run
    await this.#io.watchReader()
    try {
      await run.run()
      await keeper.close()
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
    const {cursor, resume} = this.#request
    const isNamed = cursor !== undefined || resume !== undefined
    const how = isNamed ? `go on with the same ${this.#cursorLabel}` : 'the next run goes on from here'
    return this.#ending.line(reason, `${counted(this.#counters.results.answered, 'message')} answered`, how)
  }

  async #open(opened: {
    readonly botId: number
    readonly file: CommandFile
    readonly finishing: Finishing
    readonly keeper: OpenCursor
  }): Promise<BotRun> {
    const {botId, file, finishing, keeper} = opened
    const context = this.#context
    const followed = await findBotChannels(context, this.#request)
    const channels = await startsOf(followed, {
      last: undefined,
      since: undefined,
      cursor: keeper.cursor,
      readPage: pageReader(context),
      signal: context.signal,
    })
    const sender = await AnswerSender.open({
      context,
      delivering: finishing,
      botId,
      persist: finishing.persist,
    })
    const feed = openContextFeed(context, {
      channels,
      discover: followed.discover,
      leaves: true,
      onEvent: event => this.#onEvent(event, followed),
    })
    this.#closers.push(
      () => sender.close(),
      () => feed.close(),
    )
    this.#counters.follow(feed)
    const {prefix, 'max-age': maxAgeMs = MAX_AGE_MS} = this.#request
    const oldestMs = Date.now() + context.network.skewMs - maxAgeMs
    return new BotRun({
      feed,
      keeper,
      rules: () => ({botId, prefix, commands: file.commands, oldestMs}),
      maxAgeMs,
      responder: this.#responder(file, finishing, followed),
      sender,
      counters: this.#counters,
      print: record => context.out.record(record, botRecordView),
      onReady: event => this.#onReady(event, followed, keeper),
      onFailure: error => this.#fail(presentError(error)),
      out: context.out,
      signal: context.signal,
    })
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

  /** It is ready once the cursor knows where it began: what is sent from then on is never missed. */
  async #onReady(event: FeedEvent, followed: Followed, keeper: OpenCursor): Promise<void> {
    await keeper.saved()
    this.#ending.begin()
    reportFeedEvent(event, followed, this.#context.out)
  }

  /** Something that the promise of the bot hangs on has failed. */
  #fail(error: VezaError): void {
    this.#failure ??= error
    this.#run?.stop()
  }
}
