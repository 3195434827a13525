import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {createTranscript} from '../../output/transcript.js'
import {messageView} from '../../output/views/message.js'
import type {View} from '../../output/views/view.js'
import type {Channel} from '../../realtime/channel.js'
import {isRefusal} from '../../realtime/feed/refusals.js'
import type {Context} from '../context.js'
import {counted, Ending} from '../ending.js'
import {historyReader, idUntil, placed, rowsUpTo} from '../history/rows.js'
import {type Followed, followRooms, placeOf} from '../tail/channels.js'
import {createFilter} from '../tail/filters.js'
import {hasLeft} from '../tail/has-left.js'
import {accountFinder, wishesOf} from '../tail/wishes.js'
import {createGuard, unguarded} from './guard.js'
import {createMatcher, type Matcher} from './matcher.js'
import {type PageBack, pagesBack} from './pages-back.js'
import {searchPattern} from './pattern.js'
import {type Hit, searchChannels} from './search-channels.js'
import type {SearchRequest} from './search-flags.js'

/** A page of messages takes a sane expression less than a hundredth of that. */
const PAGE_TIMEOUT_MS = 1000

/** What a search is made of. */
export interface SearchParts {
  readonly context: Context
  readonly io: Io
  readonly request: SearchRequest
}

/** One search of rooms by reading their history: the contract has no call for it. */
export class Search {
  readonly #parts: SearchParts
  readonly #ending = new Ending()
  #found = 0
  #read = 0
  /** Everything above it has been looked at, and what was found there is printed. */
  #doneTo: number | undefined
  #hasLeft = false

  constructor(parts: SearchParts) {
    this.#parts = parts
  }

  /** Prints what it finds, newest first, as it is found. */
  async run(): Promise<void> {
    const {context, io, request} = this.#parts
    context.out.check(messageView)
    const pattern = searchPattern(request.text, {
      ...request,
      ignoreCase: request['ignore-case'],
      caseSensitive: request['case-sensitive'],
    })
    const followed = await this.#rooms()
    const wishes = await wishesOf(
      context,
      {from: request.from},
      {pattern: undefined, highlight: []},
      accountFinder(context),
    )
    const guard = request.regex ? createGuard(PAGE_TIMEOUT_MS) : unguarded
    const matcher = createMatcher(pattern, createFilter(wishes), guard)
    context.out.notice(`the server cannot search: reading the history of ${followed.label}`)
    this.#ending.begin()
    // Matches may be far apart: until the next one nothing is written that would tell of a reader who has gone.
    await io.watchReader()
    try {
      await this.#search(followed, matcher)
    } finally {
      this.#hasLeft = await hasLeft(io, context.signal)
    }
    context.out.notice(`${this.#counts()} of ${followed.label}`)
    if (this.#found === request.limit) context.out.notice(`perhaps more: use --until ${this.#doneTo}`)
  }

  /** The last line of one that was ended half-way; undefined for one that is done. */
  farewell(reason: string): string | undefined {
    if (reason === 'done') return undefined
    const isKnown = this.#hasLeft && this.#doneTo !== undefined && this.#doneTo < Number.MAX_SAFE_INTEGER
    const resume = isKnown ? `go on with --until ${this.#doneTo}` : undefined
    return this.#ending.line(reason, this.#counts(), resume)
  }

  #rooms(): Promise<Followed> {
    const {context, request} = this.#parts
    const rooms = [...request.rooms, ...(request.room ?? [])]
    const isAll = request['all-rooms'] === true
    if (isAll && rooms.length > 0) throw new VezaError('usage', 'give rooms or --all-rooms, not both')
    if (!isAll && rooms.length === 0 && context.settings.room === undefined)
      throw new VezaError('usage', 'the room is missing', {
        hint: 'give ROOMS, VEZA_ROOM, or --all-rooms for every room that you have joined',
      })
    return followRooms(context, rooms, isAll)
  }

  async #search(followed: Followed, matcher: Matcher): Promise<void> {
    const {context, request} = this.#parts
    const view = await this.#view(followed, matcher)
    const ways = followed.channels.map(channel => ({channel, pages: this.#pages(channel, followed)}))
    const limit = request.limit ?? Number.POSITIVE_INFINITY
    for await (const {hits, read, frontier} of searchChannels(ways, matcher.pick)) {
      this.#read += read
      for (const hit of hits) {
        const wait = context.out.record<Message>(recordOf(hit, followed), view)
        this.#found += 1
        this.#doneTo = hit.message.id - 1
        if (wait !== undefined) await wait
        if (this.#found === limit) return
      }
      this.#doneTo = Math.min(frontier - 1, this.#doneTo ?? Number.POSITIVE_INFINITY)
    }
  }

  /** With `--all-rooms` one room that may not be read any more is left out, instead of ending the search of the others. */
  async *#pages(channel: Channel, followed: Followed): AsyncGenerator<PageBack> {
    const {context, request} = this.#parts
    try {
      yield* await this.#wayBack(channel, followed)
    } catch (error) {
      if (request['all-rooms'] !== true || !isRefusal(error)) throw error
      context.out.warn(`${placeOf(channel, followed)} is left out: ${error.message}`)
    }
  }

  async #wayBack(channel: Channel, followed: Followed): Promise<AsyncIterable<PageBack>> {
    const {context, request} = this.#parts
    const {out, signal} = context
    const readPage = historyReader(context)
    const newestId = await idUntil(readPage, channel, request.until, signal)
    const onRepeat = (): void =>
      out.warn(`the server repeats a page of ${placeOf(channel, followed)}: older messages cannot be reached`)
    return pagesBack({
      read: rowsUpTo(readPage, channel, newestId, signal),
      since: request.since,
      onRepeat,
    })
  }

  async #view(followed: Followed, {highlight}: Matcher): Promise<View<Message>> {
    const {context, io} = this.#parts
    if (!context.out.isHuman) return messageView
    const isTTY = io.stdout.isTTY === true
    // With the id a person finds the rest of the conversation: messages history --thread, or --since.
    const channelName = (message: Message): string => {
      const place = placeOf({kind: 'room', id: message.room_id ?? 0}, followed)
      return isTTY ? `${place} ${message.id}` : place
    }
    return createTranscript({
      isTTY,
      withChannel: isTTY || !followed.isOne,
      channelName,
      highlighter: highlight,
    })
  }

  #counts(): string {
    return `${counted(this.#found, 'match', 'matches')} in ${counted(this.#read, 'message')}`
  }
}

function recordOf({channel, message}: Hit, {nameOf}: Followed): Message {
  return placed(message, channel, nameOf(channel))
}
