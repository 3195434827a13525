import type {Frame} from '../../../contract/resources.js'
import {decodePresence} from '../../api/decode-presence.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {presenceView} from '../../output/views/presence.js'
import type {Feed} from '../../realtime/feed/feed-types.js'
import {parseUserReference} from '../args.js'
import type {Context} from '../context.js'
import {counted, Ending} from '../ending.js'
import {ClosedPipe} from '../lifetime.js'
import {openContextFeed} from '../tail/context-feed.js'
import {reportFeedEvent} from '../tail/report.js'

/** What to watch. */
export interface WatchRequest {
  /** Only these: names or ids. */
  readonly user?: readonly string[] | undefined
  /** End after so many. */
  readonly count?: number | undefined
  readonly 'max-reconnects'?: number | undefined
}

/** What it is made of. */
export interface WatchParts {
  readonly context: Context
  readonly io: Io
  readonly request: WatchRequest
}

/** It follows no channel: presence is told to everybody who shares a room. */
const FOLLOWED = {channels: [], label: 'presence', isOne: true, nameOf: () => undefined}

/** One run of `presence watch`, from its flags to its last line. */
export class PresenceWatch {
  readonly #parts: WatchParts
  readonly #ending = new Ending()
  #feed: Feed | undefined
  #printed = 0

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Prints changes until the count is full or the signal ends it. Throws what ends the connection for good. */
  async run(): Promise<void> {
    const {context, io, request} = this.#parts
    const {count = Number.POSITIVE_INFINITY} = request
    context.out.check(presenceView)
    const users = await this.#users()
    const feed = openContextFeed(context, {
      channels: [],
      maxReconnects: request['max-reconnects'],
      onEvent: event => {
        if (event.type === 'ready') this.#ending.begin()
        reportFeedEvent(event, FOLLOWED, context.out)
      },
    })
    this.#feed = feed
    await io.watchReader()
    for await (const item of feed) {
      if (item.type === 'frame') await this.#print(item.frame, users)
      if (this.#printed >= count || context.signal.reason instanceof ClosedPipe) return
    }
  }

  /** Closes whatever is open. */
  async close(): Promise<void> {
    await this.#feed?.close()
  }

  /** The last line; undefined where it never came to life. */
  farewell(reason: string): string | undefined {
    return this.#ending.line(reason, counted(this.#printed, 'change'))
  }

  async #users(): Promise<ReadonlySet<number> | undefined> {
    const {context, request} = this.#parts
    if (request.user === undefined) return undefined
    const ids = new Set<number>()
    for (const text of request.user) ids.add(await context.userId(parseUserReference(text, '--user')))
    return ids
  }

  async #print({type, data}: Frame, users: ReadonlySet<number> | undefined): Promise<void> {
    if (type !== 'user_presence') return
    const {out} = this.#parts.context
    try {
      const presence = decodePresence(data)
      if (users !== undefined && !users.has(presence.user_id ?? 0)) return
      this.#printed += 1
      await out.record({...presence, at: new Date().toISOString()}, presenceView)
    } catch (error) {
      if (!(error instanceof VezaError && error.code === 'not_protocol')) throw error
      out.warn(error.message)
    }
  }
}
