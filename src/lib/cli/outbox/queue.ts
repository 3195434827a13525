import {randomClientId} from '../../delivery/client-id.js'
import {deliver} from '../../delivery/deliver.js'
import {doubtOf, failureKind, faultOf} from '../../delivery/outbox/outbox-failure.js'
import type {Owner, Trial} from '../../delivery/outbox/outbox-types.js'
import type {Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import {type QueuedMessage, queuedMessageView} from '../../output/views/outbox-entry.js'
import type {SentMessage} from '../../output/views/sent-message.js'
import type {Context} from '../context.js'
import type {QueueChoice} from '../send/queue-flags.js'
import {deliverOptions, sendOnce} from '../send/send-once.js'
import {showReceipt} from '../send/show-receipt.js'
import {type MessageTo, placeOf} from '../send/target.js'
import {openOutbox} from './open.js'
import {outboxOwner} from './owner.js'
import {names} from './records.js'

/**
 * `--queue` puts a message into the outbox; `--queue-on-failure` sends it, and puts it there where that fails for a reason
 * that can pass. What the server refuses for good, and what a signal or --timeout ends, is not put there.
 * @throws {VezaError} `usage` for both; `signed_out` where nobody could send it; what sending throws; as `Outbox.add`.
 */
export async function sendOrQueue(
  context: Context,
  given: MessageTo,
  choice: QueueChoice,
): Promise<SentMessage | QueuedMessage> {
  if (choice.queue && choice['queue-on-failure'])
    throw new VezaError('usage', '--queue and --queue-on-failure exclude each other')
  if (given.key !== undefined && given.upsertKey !== undefined)
    throw new VezaError('usage', '--idempotency-key and --upsert exclude each other')
  const owner = await outboxOwner(context)
  const isKeyed = given.key !== undefined || given.upsertKey !== undefined
  const message: Identified = {...given, clientId: isKeyed ? undefined : randomClientId()}
  if (choice.queue) return queue(context, message, {owner})
  const sent = await trySending(context, message)
  return 'receipt' in sent
    ? showReceipt(sent.receipt, context.out)
    : queue(context, message, {owner, tried: sent})
}

/** The same `client_id` now and from the outbox; of a keyed message it follows from the key. */
type Identified = MessageTo & {readonly clientId: string | undefined}

async function trySending(
  context: Context,
  {to, clientId, ...message}: Identified,
): Promise<{readonly receipt: Receipt} | Trial> {
  const options = deliverOptions(context)
  const startedMs = options.effects.now()
  try {
    const place = await placeOf(context, to)
    const receipt =
      clientId === undefined
        ? await sendOnce(context, {...message, place})
        : await deliver({...message, place, clientId}, options)
    if (receipt.outcome !== 'unknown') return {receipt}
    return {fault: faultOf(doubtOf(receipt.error)), inDoubtSinceMs: startedMs}
  } catch (error) {
    const passes = error instanceof VezaError && failureKind(error) === 'passing'
    if (context.signal.aborted || !passes) throw error
    return {fault: faultOf(error), ...(error.mayHaveActed ? {inDoubtSinceMs: startedMs} : {})}
  }
}

interface Circumstances {
  readonly owner: Owner
  readonly tried?: Trial
}

async function queue(
  context: Context,
  {to, ...message}: Identified,
  {owner, tried}: Circumstances,
): Promise<QueuedMessage> {
  const {out} = context
  if (tried !== undefined) out.warn(`not sent: ${tried.fault.message}`)
  const outbox = await openOutbox(context)
  try {
    const id = outbox.add({owner, target: to, message, createdMs: Date.now(), tried})
    const record: QueuedMessage = {
      outcome: 'queued',
      outbox_id: id,
      ...names({message}),
      content: message.content,
      error: tried?.fault,
    }
    await out.one(record, queuedMessageView)
    out.notice(`kept in the outbox as ${id}; veza outbox flush sends it, by hand or from a timer`)
    return record
  } finally {
    outbox.close()
  }
}
