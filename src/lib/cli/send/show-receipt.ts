import type {Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Printer} from '../../output/printer.js'
import {receiptView, type SentMessage, sentMessageView} from '../../output/views/sent-message.js'

/**
 * Shows what became of a message: on stdout the message with `outcome` and `client_id`, on stderr that it was there already.
 * @throws {VezaError} where that is not known, after it was shown: the failure that left it open.
 */
export async function showReceipt(receipt: Receipt, out: Printer): Promise<SentMessage> {
  const {outcome, clientId, messageId, message} = receipt
  const sent = {...message, id: message?.id ?? messageId, outcome, client_id: clientId}
  if (outcome === 'unknown') {
    await out.data(sent)
    throw unknownOutcome(receipt)
  }
  if (outcome === 'duplicate') out.notice(`sent before as message ${sent.id}; nothing was sent now`)
  await (message === undefined
    ? out.one(sent, sentMessageView)
    : out.one({...message, ...sent, id: message.id}, receiptView))
  return sent
}

function unknownOutcome({error}: Receipt): VezaError {
  const failure = error instanceof VezaError ? error : new VezaError('unreachable', 'no answer')
  const message = `the message was sent, but whether it has arrived is not known: ${failure.message}`
  return new VezaError(failure.code, message, {
    hint: 'look with veza messages list before you send it again; with --idempotency-key a second run looks by itself',
    mayHaveActed: true,
    status: failure.status,
    requestId: failure.requestId,
    cause: error,
  })
}
