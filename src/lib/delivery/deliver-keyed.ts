import {VezaError} from '../errors/veza-error.js'
import {withLock} from '../state/lock.js'
import {type DeliverOptions, deliver} from './deliver.js'
import {findSent} from './find-sent.js'
import type {Ledger, LedgerEntry} from './ledger.js'
import type {Outgoing, Receipt} from './types.js'

/** Where nothing is remembered, the key may be of a run on another machine: so far back it is looked for. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000
/** And at most so many pages of 100 messages. */
const LOOK_BACK_PAGES = 10
/** A run of this machine that was killed is looked for back to its own begin: through so many pages at most. */
const LOOK_FOR_KILLED_PAGES = 200
/** An earlier run began before its message was stored, by a clock that may differ. */
const CLOCK_MARGIN_MS = 120_000

/** What a keyed delivery needs beside the rest. */
export interface KeyedOptions extends DeliverOptions {
  /** Undefined where no state can be kept: then history alone tells. */
  readonly ledger: Ledger | undefined
  /** The lock that all runs with this key on this machine share; undefined where no state can be kept. */
  readonly lockPath: string | undefined
  /**
   * For the one answer of ours to its parent, which was sent at this moment, milliseconds since 1970 by the server's clock:
   * nothing older is looked at, and where the server keeps no metadata each answer of ours to it counts as this one.
   */
  readonly answersMs?: number | undefined
  readonly signal: AbortSignal
}

/**
 * Sends a message under a key that an earlier run, here or on another machine, may have used: what the ledger or the recent
 * history knows by this `client_id` is a `duplicate` and is not sent. Two runs at once on one machine take turns; two on
 * two machines may both find nothing, and then only a server that drops repeats makes one of them.
 * @throws {VezaError} as `deliver`; `unreachable` when another run holds the lock for a minute.
 */
export function deliverKeyed(outgoing: Outgoing, options: KeyedOptions): Promise<Receipt> {
  return inTurn(options, () => deliverAlone(outgoing, options))
}

/**
 * Gives the message of a key new content, or sends it where there is none: so a key is one message, kept current.
 * @throws {VezaError} as `deliverKeyed`; what editing throws, but `not_found`: a message that was deleted is sent anew.
 */
export function upsert(outgoing: Outgoing, options: KeyedOptions): Promise<Receipt> {
  const {clientId, content} = outgoing
  return inTurn(options, async () => {
    const receipt = await deliverAlone(outgoing, options)
    const id = receipt.message?.id ?? receipt.messageId
    if (receipt.outcome !== 'duplicate' || id === undefined) return receipt
    try {
      return {outcome: 'updated', clientId, message: await options.port.edit(id, content)}
    } catch (error) {
      if (!(error instanceof VezaError && error.code === 'not_found')) throw error
      options.ledger?.forget(clientId)
      return deliverAlone(outgoing, options)
    }
  })
}

async function inTurn<T>({lockPath, signal}: KeyedOptions, work: () => Promise<T>): Promise<T> {
  if (lockPath === undefined) return work()
  return withLock(lockPath, work, {signal})
}

async function deliverAlone(outgoing: Outgoing, options: KeyedOptions): Promise<Receipt> {
  const {clientId} = outgoing
  const {ledger, effects} = options
  const entry = ledger?.find(clientId)
  if (entry?.messageId !== undefined) return {outcome: 'duplicate', clientId, messageId: entry.messageId}
  const earlier = await findEarlier(outgoing, entry, options)
  if (earlier !== undefined) {
    remember(ledger, clientId, earlier.id, effects.now())
    return {outcome: 'duplicate', clientId, message: earlier}
  }
  ledger?.begin(clientId, effects.now())
  const receipt = await deliver(outgoing, options)
  if (receipt.message !== undefined) remember(ledger, clientId, receipt.message.id, effects.now())
  return receipt
}

function findEarlier(outgoing: Outgoing, killed: LedgerEntry | undefined, options: KeyedOptions) {
  const {port, effects, answersMs} = options
  const {sinceMs, maxPages} =
    killed === undefined
      ? {sinceMs: effects.now() - LOOK_BACK_MS, maxPages: LOOK_BACK_PAGES}
      : {sinceMs: killed.startedMs - CLOCK_MARGIN_MS, maxPages: LOOK_FOR_KILLED_PAGES}
  if (answersMs === undefined) return findSent(port, outgoing, {sinceMs, maxPages})
  const answer = {twinsSinceMs: answersMs, answersOnce: true}
  return findSent(port, outgoing, {sinceMs: Math.max(sinceMs, answersMs), maxPages, ...answer})
}

function remember(ledger: Ledger | undefined, clientId: string, messageId: number, nowMs: number): void {
  ledger?.begin(clientId, nowMs)
  ledger?.created(clientId, messageId)
}
