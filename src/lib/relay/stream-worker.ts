import {VezaError} from '../errors/veza-error.js'
import {afterFailure} from './after-failure.js'
import type {Arrived, EntrySender} from './entry-sender.js'
import type {Done, StreamEntry, StreamReader} from './from-stream.js'
import {insist} from './insist.js'
import {type EntryRules, type OutgoingEntry, outgoingOf} from './outgoing.js'
import {Trial} from './trial.js'

const FIRST_DELAY_MS = 1000
const LONGEST_DELAY_MS = 60_000
/** Until the next beat has told whether the lease still holds. */
const UNSURE_DELAY_MS = 500
/** Stands where bytes were that are no UTF-8. */
const REPLACEMENT = '\ufffd'

/** What became of an entry. */
export type Fate = {readonly entryId: string} & (
  | Arrived
  | {readonly result: 'dead'; readonly roomId?: number | undefined; readonly reason: string}
)

/** Whom a worker tells. */
export interface WorkerEvents {
  /** An entry is done with. */
  fate(fate: Fate): Promise<void>
  /** An entry is tried again after a wait; what is behind it waits, too. */
  holding(entryId: string, error: VezaError, delayMs: number): void
  /** Redis was away or full, and is asked again. */
  redisFailure(error: unknown): void
  /** Redis refused, as another member has the lease. */
  fenced(): void
  /** So many entries wait, the one under way too. */
  waiting(entries: number): void
}

/** What a worker needs. */
export interface WorkerOptions {
  readonly reader: StreamReader
  readonly sender: EntrySender
  readonly rules: EntryRules
  /** Of the lease. */
  readonly token: number
  /** So often the server may fail over one entry with a 500 before it is given up. */
  readonly attempts: number
  /** The key under which an entry is sent: see `KnownEntry`. */
  readonly keyOf: (entryId: string) => string
  /** Whether the lease is surely ours; nothing is sent otherwise. */
  readonly isSure: () => boolean
  /** Resolves when there may be something behind that id, or the signal is aborted. */
  readonly arrival: (lastId: string, signal: AbortSignal) => Promise<void>
  /** Makes the group again. */
  readonly reopen: () => Promise<void>
  readonly events: WorkerEvents
  readonly effects: WorkerEffects
  /** Aborted: no further entry is begun. */
  readonly stopping: AbortSignal
  /** Aborted, after `stopping`: what is under way is given up, too. */
  readonly ended: AbortSignal
}

/** Clock, chance and waiting, so that tests hold all three. */
export interface WorkerEffects {
  /** Milliseconds since 1970, by the chat server's clock. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Waits; resolves early when the signal is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** The lease may be somebody else's by now: thrown by what holds a send back until it may begin. */
export class LeaseUnsure extends Error {
  override readonly name = 'LeaseUnsure'
}

/** What is to be acknowledged next, if anything; `over`: the work has ended. */
type Step = Done | undefined | 'over'

/** Sends the entries of one stream in their order, each once, for as long as a lease holds. */
export class StreamWorker {
  readonly #options: WorkerOptions
  #trial: Trial | undefined

  constructor(options: WorkerOptions) {
    this.#options = options
  }

  /**
   * Resolves when it has stopped, was ended, or another member has the lease.
   * @throws {VezaError} what is no matter of an entry, such as `signed_out`.
   */
  async run(): Promise<void> {
    const {ended, reader, stopping, token} = this.#options
    let step: Step
    while (step !== 'over' && !stopping.aborted) step = await this.#next(step)
    // What has arrived is acknowledged even when the end has begun.
    if (step === 'over' || step === undefined) return
    const done = step
    if ((await this.#insist(() => reader.finish(token, done), ended)) === false) this.#fenced()
  }

  async #next(done: Done | undefined): Promise<Step> {
    const {arrival, events, ended, reader, reopen, stopping, token} = this.#options
    const signal = done === undefined ? stopping : ended
    const next = await this.#insist(() => reader.next(token, done), signal)
    switch (next?.kind) {
      case undefined:
        return 'over'
      case 'fenced':
        return this.#fenced()
      case 'gone':
        await this.#insist(reopen, stopping)
        return undefined
      case 'none':
        events.waiting(next.waiting)
        await arrival(next.lastId, stopping)
        return undefined
      case 'entry':
        events.waiting(next.waiting)
        return stopping.aborted ? 'over' : this.#handle(next.entry)
    }
  }

  async #handle(entry: StreamEntry): Promise<Step> {
    const {fields, id} = entry
    const {effects, rules} = this.#options
    if (this.#trial?.entryId !== id) this.#trial = new Trial(entry, effects.now())
    if (fields === undefined) return this.#bury(id, 'it was trimmed away before it could be sent')
    const wanted = outgoingOf(fields, rules)
    if ('poison' in wanted) return this.#bury(id, wanted.poison)
    if (hasReplacement(wanted) && !entry.isText()) return this.#bury(id, 'it is no UTF-8')
    return this.#send(wanted, this.#trial)
  }

  async #send(wanted: OutgoingEntry, trial: Trial): Promise<Step> {
    const {effects, events, isSure, keyOf, sender} = this.#options
    const {entryId} = trial
    try {
      if (!isSure()) throw new LeaseUnsure()
      const known = {key: keyOf(entryId), heldSinceMs: trial.begin(effects.now())}
      const arrived = await sender.send(wanted, known)
      await events.fate({...arrived, entryId})
      return {id: entryId, roomId: arrived.roomId, messageId: arrived.messageId}
    } catch (error) {
      return this.#failed(error, wanted, trial)
    }
  }

  async #failed(error: unknown, wanted: OutgoingEntry, trial: Trial): Promise<Step> {
    const {attempts, effects, ended, events, stopping} = this.#options
    if (stopping.aborted || ended.aborted) return 'over'
    if (error instanceof LeaseUnsure) {
      await effects.sleep(UNSURE_DELAY_MS, stopping)
      return undefined
    }
    if (!(error instanceof VezaError)) throw error
    if (error.status === 500) trial.failed += 1
    const verdict = afterFailure(error, {failed: trial.failed, attempts})
    if (verdict === 'end') throw error
    if (verdict === 'dead')
      return this.#bury(trial.entryId, error.message, 'id' in wanted.room ? wanted.room.id : undefined)
    const ceilingMs = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (trial.sends - 1))
    const delayMs = Math.max(error.retryAfterMs ?? 0, ceilingMs * (0.5 + effects.random() / 2))
    events.holding(trial.entryId, error, delayMs)
    await effects.sleep(delayMs, stopping)
    // It is the next one again, unless somebody has taken it away or the lease is lost.
    return undefined
  }

  async #bury(entryId: string, reason: string, roomId?: number): Promise<Step> {
    const {ended, events, reader, token} = this.#options
    const tries = this.#trial?.sends ?? 0
    const result = await this.#insist(() => reader.bury(token, entryId, reason, tries), ended)
    if (result === undefined) return 'over'
    if (result === 'fenced') return this.#fenced()
    if (result === 'ok') await events.fate({entryId, result: 'dead', roomId, reason})
    return undefined
  }

  #insist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const {effects, events} = this.#options
    return insist(work, {effects, signal, onTrouble: error => events.redisFailure(error)})
  }

  #fenced(): 'over' {
    this.#options.events.fenced()
    return 'over'
  }
}

function hasReplacement({content, room}: OutgoingEntry): boolean {
  return content.includes(REPLACEMENT) || ('name' in room && room.name.includes(REPLACEMENT))
}
