import {type DeliverOptions, deliver} from '../delivery/deliver.js'
import {findSent} from '../delivery/find-sent.js'
import type {MessagePort, Outgoing} from '../delivery/types.js'
import {VezaError} from '../errors/veza-error.js'

/** Clocks of two machines differ by as much. */
const CLOCK_MARGIN_MS = 120_000
/** The server's clock is known from its `Date` header, which counts seconds. */
const DATE_MARGIN_MS = 2_000
/** So much may have come after the message of a member that was killed: 20,000 messages. */
const LOOK_BACK_PAGES = 200

/** What is known of a message before it is sent. */
export interface Before {
  /** Since when somebody may have sent it, milliseconds since 1970 by the server's clock; undefined where nobody has. */
  readonly heldSinceMs: number | undefined
  /** The last message of this stream in its room: it comes after that one, whatever the other ones say. */
  readonly afterId: number
}

/** A message that is in its room. */
export interface SentEntry {
  /** `repeated`: it was there before. */
  readonly result: 'sent' | 'repeated'
  readonly messageId: number
}

/**
 * Sends the message of an entry once. What somebody may have sent before is looked for first, from then on and no further;
 * on a server that keeps no metadata, by its text and parent.
 * @throws {VezaError} a failure after which it is not known to be there. With the status 500: that of the send itself, while
 *   history could be read and did not have it.
 */
export async function sendEntry(
  outgoing: Outgoing,
  {heldSinceMs, afterId}: Before,
  options: Omit<DeliverOptions, 'retries'>,
): Promise<SentEntry> {
  const port = portAfter(options.port, afterId)
  if (heldSinceMs !== undefined) {
    const lookBack = {
      sinceMs: heldSinceMs - CLOCK_MARGIN_MS,
      twinsSinceMs: heldSinceMs - DATE_MARGIN_MS,
      maxPages: LOOK_BACK_PAGES,
    }
    const earlier = await findSent(port, outgoing, lookBack).catch(error => {
      throw isPassing(error) ? unknown(error) : error
    })
    if (earlier !== undefined) return {result: 'repeated', messageId: earlier.id}
  }
  // Each further try is a decision of its own: it begins with the question who has the lease.
  const receipt = await deliver(outgoing, {...options, port, retries: 0})
  if (receipt.message === undefined) throw unknown(receipt.error)
  return {result: receipt.outcome === 'duplicate' ? 'repeated' : 'sent', messageId: receipt.message.id}
}

/** Ids grow: what is not newer than the message before cannot be this one. */
function portAfter(port: MessagePort, afterId: number): MessagePort {
  return {
    send: outgoing => port.send(outgoing),
    edit: (messageId, content) => port.edit(messageId, content),
    me: () => port.me(),
    page: async (place, query) => {
      const page = await port.page(place, query)
      return {...page, items: page.items.filter(({id}) => id > afterId)}
    },
  }
}

function isPassing(error: unknown): error is VezaError {
  return error instanceof VezaError && error.retryable
}

/** Without the status: the server has failed over history, which says nothing of this message. */
function unknown(cause: unknown): VezaError {
  const [reason, retryAfterMs] =
    cause instanceof VezaError ? [cause.message, cause.retryAfterMs] : ['no answer']
  const text = `whether the message has arrived is not known: ${reason}`
  return new VezaError('unreachable', text, {cause, retryAfterMs, mayHaveActed: true})
}
