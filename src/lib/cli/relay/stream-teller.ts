import type {VezaError} from '../../errors/veza-error.js'
import type {Printer} from '../../output/printer.js'
import {isFull} from '../../state/redis/errors.js'

/** What is told of a member. */
interface Told {
  readonly stream: string
  readonly state: 'reading' | 'elsewhere' | 'unknown'
  readonly members: number
}

/** Tells on stderr which streams a relay reads, and what keeps it from sending. */
export class StreamTeller {
  readonly #out: Pick<Printer, 'notice' | 'ready' | 'warn'>
  readonly #members: () => readonly Told[]
  readonly #onReady: () => void
  #told: string | undefined
  #isFull = false

  /** @param onReady who reads each stream is known for the first time. */
  constructor(
    out: Pick<Printer, 'notice' | 'ready' | 'warn'>,
    members: () => readonly Told[],
    onReady: () => void,
  ) {
    this.#out = out
    this.#members = members
    this.#onReady = onReady
  }

  /** Who reads what may have changed. What nobody reads will soon be somebody's. */
  changed(): void {
    const members = this.#members()
    if (members.some(({state}) => state === 'unknown')) return
    const [reading, elsewhere] = (['reading', 'elsewhere'] as const).map(state =>
      members.filter(member => member.state === state).map(({stream}) => stream),
    )
    const text = [
      ...(reading?.length ? [`relaying ${reading.join(', ')} into rooms`] : []),
      ...(elsewhere?.length ? [`standing by for ${elsewhere.join(', ')}`] : []),
    ].join('; ')
    if (text === this.#told) return
    const fields = {reading, elsewhere, members: Math.max(...members.map(member => member.members))}
    if (this.#told !== undefined) this.#out.notice(`now ${text}`, {event: 'share', ...fields})
    else {
      this.#onReady()
      this.#out.ready(text, fields)
    }
    this.#told = text
  }

  /** An entry is tried again after a wait. */
  holding(stream: string, entryId: string, error: VezaError, delayMs: number): void {
    const text = `${stream} ${entryId}: ${error.message}: trying again in ${(delayMs / 1000).toFixed(1)} s`
    this.#out.notice(text, {event: 'holding', stream, entry_id: entryId})
  }

  /** Redis has not carried out a command; that it is away its client tells. */
  redisFailure(error: unknown): void {
    if (this.#isFull || !isFull(error)) return
    this.#isFull = true
    this.#out.warn('Redis is full: dead letters and new groups wait until it takes more', {
      event: 'redis_full',
    })
  }

  /** A dead letter was written, so Redis takes more again. */
  buried(): void {
    if (!this.#isFull) return
    this.#isFull = false
    this.#out.notice('Redis takes more again', {event: 'redis_takes'})
  }
}
