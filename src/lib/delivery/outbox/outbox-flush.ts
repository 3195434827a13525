import {VezaError} from '../../errors/veza-error.js'
import type {Channel} from '../../realtime/channel.js'
import type {Receipt} from '../types.js'
import type {Outbox} from './outbox.js'
import {doubtOf, failureKind, faultOf} from './outbox-failure.js'
import {Places} from './outbox-places.js'
import type {OutboxEntry, Target} from './outbox-types.js'

/**
 * What became of a waiting message in a flush:
 * - `created`, `duplicate`, `updated`: it is there, as `Outcome` has it, and out of the outbox.
 * - `waiting`: it could not be sent now, or whether it was is not known.
 * - `refused`: the server does not take it; it stays, and is not tried again unasked.
 * - `held`: an earlier one of its place waits, so that this one must, too.
 */
export type Flushed = {readonly entry: OutboxEntry} & (
  | {readonly outcome: 'created' | 'duplicate' | 'updated'; readonly receipt: Receipt}
  | {readonly outcome: 'waiting' | 'refused'; readonly error: VezaError}
  | {readonly outcome: 'held'}
)

/** What a flush needs. */
export interface FlushOptions {
  readonly outbox: Outbox
  /** Which entries are to be sent; the rest is passed over. */
  readonly takes: (entry: OutboxEntry) => boolean
  /** The place of a target. */
  readonly resolve: (target: Target) => Promise<Channel>
  /** Sends; looks first where `entry.inDoubtSinceMs` says so. Throws when the message is certainly not there. */
  readonly send: (entry: OutboxEntry, place: Channel) => Promise<Receipt>
  /** Milliseconds since 1970, by the server's clock as far as it is known. */
  readonly now: () => number
  /** Aborted when the flush must end: then no failure says anything about a message. */
  readonly signal: AbortSignal
}

/**
 * Sends what waits, oldest first, and what is put there meanwhile. What cannot be sent now holds the later ones of its
 * place back, but no others; where no connection can be made at all, the flush ends. To be run by one process at a time.
 * @throws {VezaError} what ends all of it: `signed_out`, a signal, an outbox that cannot be written.
 */
export async function* flushOutbox(options: FlushOptions): AsyncGenerator<Flushed> {
  const {outbox, takes, resolve} = options
  const places = new Places(resolve)
  for (let entry = outbox.next(0); entry !== undefined; entry = outbox.next(entry.id)) {
    if (!takes(entry)) continue
    const flushed = await flushEntry(entry, places, options)
    if (flushed.outcome === 'waiting') places.hold(entry.target)
    yield flushed
    if (flushed.outcome === 'waiting' && isOutage(flushed.error)) return
  }
}

/** No connection was made: that says nothing of a place, and each further try would wait as long in vain. */
function isOutage({code, mayHaveActed}: VezaError): boolean {
  return code === 'unreachable' && !mayHaveActed
}

async function flushEntry(entry: OutboxEntry, places: Places, options: FlushOptions): Promise<Flushed> {
  const {outbox, send, now} = options
  const found = await outcomeOf(places.find(entry.target), options)
  if ('error' in found) return failed(entry, found.error, {outbox, inDoubtSinceMs: entry.inDoubtSinceMs})
  const place = found.value
  if (place === undefined) return {entry, outcome: 'held'}
  const inDoubtSinceMs = entry.inDoubtSinceMs ?? now()
  // Noted before anything is sent: if this process dies in between, the next one knows that it has to look.
  outbox.sending(entry.id, inDoubtSinceMs)
  const sent = await outcomeOf(send(entry, place), options)
  // Not there as far as was looked; a server that is only slow may still store it, so the next flush looks once more.
  const stillInDoubt = 'error' in sent && sent.error.mayHaveActed ? inDoubtSinceMs : undefined
  if ('error' in sent) return failed(entry, sent.error, {outbox, inDoubtSinceMs: stillInDoubt})
  const receipt = sent.value
  if (receipt.outcome === 'unknown') return failed(entry, doubtOf(receipt.error), {outbox, inDoubtSinceMs})
  outbox.remove(entry.id)
  return {entry, outcome: receipt.outcome, receipt}
}

/** What a step gave, or why it failed for this message; what ends the whole flush is thrown. */
async function outcomeOf<T>(
  step: Promise<T>,
  {signal}: FlushOptions,
): Promise<{readonly value: T} | {readonly error: VezaError}> {
  try {
    return {value: await step}
  } catch (error) {
    if (signal.aborted || !(error instanceof VezaError) || failureKind(error) === 'end') throw error
    return {error}
  }
}

interface Aftermath {
  readonly outbox: Outbox
  readonly inDoubtSinceMs: number | undefined
}

function failed(entry: OutboxEntry, error: VezaError, {outbox, inDoubtSinceMs}: Aftermath): Flushed {
  const outcome = failureKind(error) === 'refusal' ? 'refused' : 'waiting'
  outbox.failed(entry.id, {fault: faultOf(error), inDoubtSinceMs}, outcome === 'refused')
  return {entry, outcome, error}
}
