import type {QueuedMessage} from '../../output/views/outbox-entry.js'
import {receiptView, type SentMessage} from '../../output/views/sent-message.js'
import type {Context} from '../context.js'
import type {QueueChoice} from './queue-flags.js'
import {sendOnce} from './send-once.js'
import {showReceipt} from './show-receipt.js'
import {type MessageTo, placeOf} from './target.js'

/**
 * Sends a message, or puts it into the outbox as the flags say, and shows what became of it.
 * @throws {VezaError} as `sendOnce` and `showReceipt`; with the outbox as `queue` and `sendOrQueue`.
 */
export async function sendTo(
  context: Context,
  {to, ...message}: MessageTo,
  choice: QueueChoice,
): Promise<SentMessage | QueuedMessage> {
  context.out.check(receiptView)
  if (choice.queue !== true && choice['queue-on-failure'] !== true) {
    const place = await placeOf(context, to)
    return showReceipt(await sendOnce(context, {...message, place}), context.out)
  }
  const {sendOrQueue} = await import('../outbox/queue.js')
  return sendOrQueue(context, {to, ...message}, choice)
}
