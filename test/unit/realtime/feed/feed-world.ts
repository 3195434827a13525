import {expect} from 'vitest'
import {type Channel, channelKey} from '../../../../src/lib/realtime/channel.js'
import {openFeed} from '../../../../src/lib/realtime/feed/feed.js'
import type {
  ChannelStart,
  Feed,
  FeedEvent,
  FeedItem,
  FeedOptions,
} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ManualTimers} from '../manual-timers.js'
import type {Fate, ModelServer} from './feed-model.js'

export const ROOM: Channel = {kind: 'room', id: 1}
export const OTHER: Channel = {kind: 'room', id: 2}
export const DM: Channel = {kind: 'dm', id: 3}
export const CHANNELS = [ROOM, OTHER, DM]
/** From one comparison with history to the next. */
export const EVERY_MS = 30_000

/** What happens next. */
export type Step =
  | {readonly do: 'post'; readonly to: number; readonly fate: Fate; readonly slow: boolean}
  | {readonly do: 'deliver' | 'answer'; readonly times: number}
  | {readonly do: 'wait'; readonly seconds: number}
  | {readonly do: 'fail'; readonly times: number}
  | {readonly do: 'commit' | 'cut' | 'drain' | 'reconcile' | 'garbage'}

/** Lets everything happen that waits for nothing from outside. */
export const turn = () => new Promise<void>(resolve => setImmediate(resolve))

/** A feed on a model server with a clock that moves only when told to. */
export class World {
  readonly items: FeedItem[] = []
  readonly #server: ModelServer
  readonly feed: Feed
  /** What the feed ended with, once it has. */
  error: unknown
  readonly #timers = new ManualTimers()

  constructor(server: ModelServer, channels: readonly ChannelStart[], options: Partial<FeedOptions> = {}) {
    this.#server = server
    server.now = this.#timers.now
    this.feed = openFeed({
      channels,
      connect: () => server.dial(),
      readPage: server.readPage,
      reconcileEveryMs: EVERY_MS,
      firstReconnects: Number.POSITIVE_INFINITY,
      effects: {
        now: this.#timers.now,
        random: this.#timers.random,
        sleep: (delayMs, signal) => sleepOn(this.#timers, delayMs, signal),
      },
      ...options,
    })
    this.#read().catch(error => {
      this.error = error
    })
  }

  async play(step: Step): Promise<void> {
    const server = this.#server
    if (step.do === 'post') server.post(CHANNELS[step.to] ?? ROOM, step.fate, step.slow)
    else if (step.do === 'deliver') await this.#times(step.times, () => server.connection?.deliver())
    else if (step.do === 'answer') await this.#times(step.times, () => server.answer())
    else if (step.do === 'fail') server.failures = step.times
    else if (step.do === 'wait') await this.wait(step.seconds)
    else if (step.do === 'commit') server.commit(0)
    else if (step.do === 'cut') server.connection?.cut()
    else if (step.do === 'drain') await this.drain()
    else if (step.do === 'reconcile') void this.feed.reconcile()
    else if (step.do === 'garbage') server.garbage()
    await turn()
  }

  /** Everything ends well: no more faults, and time enough for what was swallowed to be found. */
  async calm(): Promise<void> {
    this.#server.failures = 0
    this.#server.commit()
    for (let round = 0; round < 12; round += 1) {
      await this.drain()
      this.#timers.advance(round % 2 === 0 ? EVERY_MS * 1.2 : 2_000)
    }
    await this.drain()
  }

  events<T extends FeedEvent['type']>(type: T): Extract<FeedEvent, {type: T}>[] {
    return this.items.flatMap(item =>
      item.type === 'event' && item.event.type === type ? [item.event as never] : [],
    )
  }

  /** Closes the feed; no timer may be left. */
  async close(): Promise<void> {
    await this.feed.close()
    expect(this.#timers.pending).toBe(0)
  }

  /** Answers and hands over all that waits. */
  async drain(): Promise<void> {
    for (let idle = 0; idle < 3; idle += 1) {
      while (this.#server.answer() || this.#server.connection?.deliver() === true) {
        idle = 0
        await turn()
      }
      await turn()
    }
  }

  async #times(count: number, act: () => unknown): Promise<void> {
    for (let n = 0; n < count; n += 1) {
      act()
      await turn()
    }
  }

  /** Time passes only when nothing is on its way, and no transaction stays open for 20 s. */
  async wait(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 9) {
      this.#server.commitOpenFor(9_000)
      await this.drain()
      this.#timers.advance(Math.min(9, left) * 1000)
      await turn()
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      const batch = await this.feed.nextBatch()
      if (batch === undefined) return
      this.items.push(...batch)
    }
  }
}

/** Waits on a clock that moves only when told to. Leaves no listener. */
export function sleepOn(timers: ManualTimers, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = timers.setTimer(end, delayMs)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}

/** The ids of a channel's messages, in the order in which they came. */
export const idsOf = (items: readonly FeedItem[], channel: Channel) =>
  items.flatMap(item =>
    item.type === 'message' && channelKey(item.channel) === channelKey(channel) ? [item.message.id] : [],
  )
