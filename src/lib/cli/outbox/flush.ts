import type {Outbox} from '../../delivery/outbox/outbox.js'
import {failureKind} from '../../delivery/outbox/outbox-failure.js'
import {flushOutbox} from '../../delivery/outbox/outbox-flush.js'
import {sendQueued} from '../../delivery/outbox/outbox-send.js'
import {isOwner, type OutboxEntry, type Owner} from '../../delivery/outbox/outbox-types.js'
import type {Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import {flushedView} from '../../output/views/outbox-entry.js'
import type {Channel} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import {counted} from '../ending.js'
import {deliverOptions, sendOnce} from '../send/send-once.js'
import {placeOf} from '../send/target.js'
import {withOwnOutbox} from './open.js'
import {outboxOwner} from './owner.js'
import {flushedRecord} from './records.js'

/**
 * Sends what waits for the account in use, shows what became of each message, and sums it up on stderr.
 * @param includesRefused whether those are tried again, too, that the server has refused before.
 * @throws {VezaError} the first failure of a message, when all have been tried; what ends all at once; `conflict` as
 * `withOwnOutbox`.
 */
export async function flush(context: Context, includesRefused: boolean): Promise<void> {
  let firstError: VezaError | undefined
  await withOwnOutbox(context, async outbox => {
    if (outbox.next(0) !== undefined) firstError = await flushAll(context, outbox, includesRefused)
  })
  if (firstError !== undefined) throw firstError
}

async function flushAll(
  context: Context,
  outbox: Outbox,
  includesRefused: boolean,
): Promise<VezaError | undefined> {
  const {out, signal} = context
  const accounts = await accountsInUse(context, outbox)
  const isOurs = ({owner}: OutboxEntry): boolean => accounts.some(account => isOwner(owner, account))
  const {now} = deliverOptions(context).effects
  const flushing = flushOutbox({
    outbox,
    takes: entry => isOurs(entry) && (includesRefused || !entry.refused),
    resolve: target => placeOf(context, target),
    send: (entry, place) => sendEntry(context, entry, place),
    now,
    signal,
  })
  let sent = 0
  let firstError: VezaError | undefined
  try {
    for await (const flushed of flushing) {
      if ('receipt' in flushed) sent += 1
      if ('error' in flushed) firstError ??= flushed.error
      await out.record(flushedRecord(flushed), flushedView)
    }
  } finally {
    out.notice(summary(sent, outbox.list(), isOurs))
  }
  return firstError
}

/** Such as `sent 3 messages, 1 still waiting (veza outbox list shows what is left)`. */
function summary(
  sent: number,
  left: readonly OutboxEntry[],
  isOurs: (entry: OutboxEntry) => boolean,
): string {
  const ours = left.filter(isOurs)
  const refused = ours.filter(entry => entry.refused).length
  const parts = [
    [ours.length - refused, 'still waiting'],
    [refused, 'refused'],
    [left.length - ours.length, 'of other accounts'],
  ] as const
  const rest = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`)
  const hint = rest.length === 0 ? '' : ' (veza outbox list shows what is left)'
  return `${[`sent ${counted(sent, 'message')}`, ...rest].join(', ')}${hint}`
}

function sendEntry(context: Context, entry: OutboxEntry, place: Channel): Promise<Receipt> {
  const {clientId, ...message} = entry.message
  // A key is looked for by itself, in the ledger and in history.
  if (clientId === undefined) return sendOnce(context, {...message, place})
  return sendQueued({...message, place, clientId}, entry.inDoubtSinceMs, deliverOptions(context))
}

/** The account as it is known here; where that leaves messages over, also as the server knows it. */
async function accountsInUse(context: Context, outbox: Outbox): Promise<readonly Owner[]> {
  const here = await outboxOwner(context)
  if (outbox.list().every(({owner}) => isOwner(owner, here))) return [here]
  try {
    const {id, username} = await context.api.users.me()
    return [here, {userId: id, username}]
  } catch (error) {
    // A key that may send messages may not ask who it is.
    if (error instanceof VezaError && failureKind(error) === 'refusal') return [here]
    throw error
  }
}
