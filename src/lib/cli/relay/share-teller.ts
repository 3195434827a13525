import type {Printer} from '../../output/printer.js'
import {isFull} from '../../state/redis/errors.js'
import {counted} from '../ending.js'

/** A share changes room by room; it is told of when it has stood so long. */
const QUIET_MS = 500

/** What there is to tell of a share, and to whom. */
export interface ShareTellerOptions {
  readonly out: Pick<Printer, 'notice' | 'ready' | 'warn'>
  /** Where the rooms go. */
  readonly stream: string
  /** How many rooms this member has, */
  readonly rooms: () => number
  /** and how many all members have between them. */
  readonly of: () => number
  /** How many members there are; 0 before the first answer. */
  readonly members: () => number
  /** Whether Redis knows how far all of them are. */
  readonly isKnown: () => boolean
  /** It is told that the relay is live. */
  readonly onReady: () => void
  /** From then on nothing more is told of the share: it is given back. */
  readonly signal: AbortSignal
  /** Waits; an abort of the signal ends it at once, with an error or without. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<unknown>
}

/** Tells on stderr which share of the rooms a member has, and what Redis does to it. */
export class ShareTeller {
  readonly #options: ShareTellerOptions
  #isLive = false
  #isReady = false
  #isFull = false
  #told = ''
  #isWaiting = false

  constructor(options: ShareTellerOptions) {
    this.#options = options
  }

  /** Whether it was told that the relay is live. */
  get isReady(): boolean {
    return this.#isReady
  }

  /** The feed is live. */
  live(): void {
    this.#isLive = true
    this.changed()
  }

  /** The share has changed, or more of it is known. Ready is who has a share, and everything from then on comes. */
  changed(): void {
    if (this.#isReady) void this.#tellShare()
    else if (this.#options.rooms() > 0) this.standBy()
  }

  /** Ready also without a share, as one that the others have all rooms of. */
  standBy(): void {
    const {isKnown, members, onReady, out, signal, stream} = this.#options
    if (this.#isReady || !this.#isLive || members() === 0 || !isKnown() || signal.aborted) return
    this.#isReady = true
    this.#told = this.#share()
    onReady()
    out.ready(`relaying ${this.#told} to ${stream}${this.#group()}`, this.#fields('ready'))
  }

  /** Redis knew nothing any more of so many rooms. */
  emptied(count: number): void {
    this.#options.out.warn(
      `Redis has lost how far ${counted(count, 'room')} ${count === 1 ? 'is' : 'are'}: going on behind what was written last`,
      {event: 'emptied', rooms: count},
    )
  }

  /** Something was not written and is tried again; that Redis is away its client tells. */
  trouble(error: unknown): void {
    if (this.#isFull || !isFull(error)) return
    this.#isFull = true
    this.#options.out.warn('Redis is full: what comes waits until it takes more', {event: 'redis_full'})
  }

  /** Something was written. */
  written(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#options.out.notice('Redis takes more again', {event: 'redis_takes'})
  }

  async #tellShare(): Promise<void> {
    const {isKnown, out, signal, sleep} = this.#options
    if (this.#isWaiting) return
    this.#isWaiting = true
    await sleep(QUIET_MS, signal).catch(() => undefined)
    this.#isWaiting = false
    const share = this.#share()
    if (share === this.#told || !isKnown() || signal.aborted) return
    this.#told = share
    out.notice(`now ${share}${this.#group()}`, this.#fields('share'))
  }

  #share(): string {
    const {of, rooms} = this.#options
    return rooms() === of() ? counted(of(), 'room') : `${rooms()} of ${counted(of(), 'room')}`
  }

  #group(): string {
    const members = this.#options.members()
    return members > 1 ? ` (one of ${members} members)` : ''
  }

  #fields(event: string) {
    const {members, of, rooms, stream} = this.#options
    return {event, stream, rooms: rooms(), of: of(), members: members()}
  }
}
