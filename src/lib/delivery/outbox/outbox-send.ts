import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {type DeliverOptions, deliver} from '../deliver.js'
import {findSent} from '../find-sent.js'
import type {Outgoing, Receipt} from '../types.js'
import {failureKind} from './outbox-failure.js'

/** An earlier try began before its message was stored, by a clock that may differ. */
const CLOCK_MARGIN_MS = 120_000
/** Back to the earlier try, however much came since: 20,000 messages. */
const LOOK_BACK_PAGES = 200
/** What a process that was killed had sent, a slow server may still be at. Then one look more, after a pause. */
const FRESH_MS = 60_000
const PAUSE_MS = 1_000

/**
 * Sends a message from the outbox. One that an earlier process may have sent before it died is looked for first; it is sent
 * only when it is certainly not there.
 * @param inDoubtSinceMs when the first try began whose end is not known; undefined where there is none.
 * @throws {VezaError} as `deliver`: a failure after which it is certainly not there.
 */
export async function sendQueued(
  outgoing: Outgoing,
  inDoubtSinceMs: number | undefined,
  options: DeliverOptions,
): Promise<Receipt> {
  const {clientId} = outgoing
  if (inDoubtSinceMs === undefined) return deliver(outgoing, options)
  const found = await lookFor(outgoing, inDoubtSinceMs, options)
  if (found === undefined) return deliver(outgoing, options)
  if ('error' in found) return {outcome: 'unknown', clientId, error: found.error}
  return {outcome: 'created', clientId, message: found.message}
}

async function lookFor(
  outgoing: Outgoing,
  sinceMs: number,
  {port, effects, firstDelayMs = PAUSE_MS}: DeliverOptions,
): Promise<{readonly message: Message} | {readonly error: VezaError} | undefined> {
  const look = () => findSent(port, outgoing, {sinceMs: sinceMs - CLOCK_MARGIN_MS, maxPages: LOOK_BACK_PAGES})
  try {
    let message = await look()
    if (message === undefined && effects.now() - sinceMs < FRESH_MS) {
      await effects.sleep(firstDelayMs)
      message = await look()
    }
    return message === undefined ? undefined : {message}
  } catch (error) {
    // Whatever keeps history from being read: to send now could be to send twice.
    if (error instanceof VezaError && failureKind(error) !== 'end') return {error}
    throw error
  }
}
