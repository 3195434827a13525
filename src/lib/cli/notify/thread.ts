import {keyedClientId} from '../../delivery/client-id.js'
import type {Ledger} from '../../delivery/ledger.js'
import type {Outgoing, Receipt} from '../../delivery/types.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Context} from '../context.js'
import {deliverOptions, sendOnce} from '../send/send-once.js'
import {openSentLedger, sendUnderKey} from '../send/send-under-key.js'

/** A message for a thread, and how both are known again. */
export interface ThreadMessage extends Omit<Outgoing, 'clientId' | 'parentId' | 'metadata'> {
  /** The first message that is sent under it is the head, each further one an answer to that. */
  readonly threadKey: string
  /** Under which this message is sent once. */
  readonly onceKey: string | undefined
}

/**
 * Sends a message under the key of a thread: the first one becomes its head, here or on another machine, and later ones
 * answer that. A head that was deleted is replaced by this message.
 * @throws {VezaError} as `sendOnce`.
 */
export async function sendInThread(context: Context, message: ThreadMessage): Promise<Receipt> {
  const receipt = await sendHead(context, message)
  if (receipt.outcome !== 'duplicate' || isThisOne(receipt, message)) return receipt
  try {
    return await sendAnswer(context, message, receipt)
  } catch (error) {
    if (!mayMissParent(error)) throw error
    await withLedger(context, ledger => ledger.forget(headId(message)))
    const again = await sendHead(context, message)
    if (again.outcome === 'duplicate') throw error
    return again
  }
}

/** What servers say to an answer to a message that is gone: 404, or that the input is wrong. */
function mayMissParent(error: unknown): boolean {
  if (!(error instanceof VezaError)) return false
  return error.code === 'not_found' || error.serverCode === 'VALIDATION_FAILED'
}

async function sendHead(context: Context, message: ThreadMessage): Promise<Receipt> {
  const {place, content} = message
  const onceId = onceIdOf(message)
  const metadata = {thread_key: message.threadKey, ...(onceId === undefined ? {} : {once_id: onceId})}
  const head = {place, content, metadata, clientId: headId(message)}
  const receipt = await sendUnderKey(context, head, deliverOptions(context))
  const id = receipt.message?.id
  if (receipt.outcome === 'created' && onceId !== undefined && id !== undefined) {
    await withLedger(context, ledger => {
      ledger.begin(onceId, Date.now())
      ledger.created(onceId, id)
    })
  }
  return receipt
}

function sendAnswer(context: Context, {place, content, onceKey}: ThreadMessage, head: Receipt) {
  const parentId = head.message?.id ?? head.messageId
  return sendOnce(context, {place, content, parentId, key: onceKey})
}

/** Whether the head that was there is this very message, sent in an earlier attempt; the ledger knows it else. */
function isThisOne(head: Receipt, message: ThreadMessage): boolean {
  const onceId = onceIdOf(message)
  return onceId !== undefined && head.message?.metadata?.once_id === onceId
}

function headId({place, threadKey}: ThreadMessage): string {
  return keyedClientId(place, `thread ${threadKey}`)
}

function onceIdOf({place, onceKey}: ThreadMessage): string | undefined {
  return onceKey === undefined ? undefined : keyedClientId(place, onceKey)
}

async function withLedger(context: Context, use: (ledger: Ledger) => void): Promise<void> {
  const ledger = await openSentLedger(context, Date.now())
  if (ledger === undefined) return
  try {
    use(ledger)
  } finally {
    ledger.close()
  }
}
