import type {Message} from '../../../contract/resources.js'
import type {Io} from '../../output/io.js'
import {createTranscript} from '../../output/transcript.js'
import {messageView} from '../../output/views/message.js'
import type {View} from '../../output/views/view.js'
import type {Channel} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import {counted, Ending} from '../ending.js'
import {createFilter} from '../tail/filters.js'
import {hasLeft} from '../tail/has-left.js'
import {accountFinder, type FindAccount, wishesOf} from '../tail/wishes.js'
import {checkHistory, type HistoryRequest} from './history-flags.js'
import {readHistory} from './read-history.js'
import {historyReader, placed} from './rows.js'

/** What showing a history needs. */
export interface HistoryParts {
  readonly context: Context
  readonly io: Io
  readonly request: HistoryRequest
  /** Finds the place; undefined where there is none, which is an empty one. */
  readonly find: () => Promise<Channel | undefined>
}

/** One history, from its flags to its last line. */
export class HistoryRun {
  readonly #parts: HistoryParts
  readonly #ending = new Ending()
  #printed = 0
  #lastId = 0
  #hasLeft = false

  constructor(parts: HistoryParts) {
    this.#parts = parts
  }

  /** Prints it, oldest first. @throws {VezaError} `usage` for flags that do not go together; as `readHistory`. */
  async run(): Promise<void> {
    const {context, find, io, request} = this.#parts
    checkHistory(request)
    context.out.check(messageView)
    const channel = await find()
    this.#ending.begin()
    await io.watchReader()
    try {
      if (channel !== undefined) await this.#show(channel)
    } finally {
      this.#hasLeft = await hasLeft(io, context.signal)
    }
    if (this.#printed === 0) context.out.notice('no messages')
  }

  /** The last line of one that was ended half-way; undefined for one that is done. */
  farewell(reason: string): string | undefined {
    if (reason === 'done' || this.#printed === 0) return undefined
    const isWhole = this.#hasLeft && this.#parts.request.thread === undefined
    const resume = isWhole ? `go on with --since ${this.#lastId}` : undefined
    return this.#ending.line(reason, counted(this.#printed, 'message'), resume)
  }

  async #show(channel: Channel): Promise<void> {
    const {context, request} = this.#parts
    const {out, signal} = context
    const me = accountFinder(context)
    const wishes = await wishesOf(context, {from: request.from}, {pattern: undefined, highlight: []}, me)
    const readPage = historyReader(context)
    const history = await readHistory({channel, request, readPage, wanted: createFilter(wishes), signal})
    if (!history.complete) out.warn('the server repeats a page: older messages cannot be reached')
    const view = await this.#view(me)
    for await (const rows of history.pages) {
      for (const message of rows) {
        const wait = out.record<Message>(placed(message, channel), view)
        this.#printed += 1
        this.#lastId = message.id
        if (wait !== undefined) await wait
      }
    }
    if (history.hasOlder) out.notice('there are older ones: use --last, --since or --all')
  }

  async #view(me: FindAccount): Promise<View<Message>> {
    const {context, io} = this.#parts
    if (!context.out.isHuman) return messageView
    const isTTY = io.stdout.isTTY === true
    // Only to set off one's own name: where that cannot be found out, it is not.
    const account = isTTY ? await me().catch(() => undefined) : undefined
    return createTranscript({isTTY, withChannel: false, me: account?.username})
  }
}
