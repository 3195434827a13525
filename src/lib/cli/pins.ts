import type {Message} from '../../contract/resources.js'
import type {MessagesApi} from '../api/messages.js'
import {VezaError} from '../errors/veza-error.js'

/**
 * Pins messages, or takes their pins off, one after the other (section 4 of the contract); each as the server has it then.
 * An id that is given twice is done once. Throws what the first failing call throws, naming the message: those before it
 * are done, those after it are not.
 */
export async function* pinEach(
  api: Pick<MessagesApi, 'pin'>,
  ids: readonly number[],
  pinned: boolean,
): AsyncGenerator<Message> {
  for (const id of new Set(ids)) {
    try {
      yield await api.pin(id, pinned)
    } catch (error) {
      throw ids.length > 1 && error instanceof VezaError ? about(id, error) : error
    }
  }
}

function about(id: number, error: VezaError): VezaError {
  return new VezaError(error.code, `message ${id}: ${error.message}`, {...error, cause: error.cause})
}

/** Which pinned messages of a room are wanted. */
export interface PinQuery {
  /** Only messages older than this id. */
  readonly beforeId?: number | undefined
  /** At most so many. Default: all. */
  readonly limit?: number | undefined
  /** Told once when the server gives messages that are not pinned, too: then the whole history is read. */
  readonly onUnfiltered: () => void
}

/**
 * The pinned messages of a room, newest first. A server of the reference dialect gives no others; one that does not know
 * `pinned_only` gives all, of which these are picked (section 4 of the contract).
 */
export async function* pinnedMessages(
  api: Pick<MessagesApi, 'history'>,
  roomId: number,
  {beforeId, limit = Number.POSITIVE_INFINITY, onUnfiltered}: PinQuery,
): AsyncGenerator<Message> {
  const where = beforeId === undefined ? {} : {beforeId}
  let isFiltered = true
  let count = 0
  for await (const message of api.history(roomId, {...where, pinnedOnly: true, includeThreads: true})) {
    if (message.is_pinned === true) {
      yield message
      count += 1
      if (count === limit) return
    } else if (isFiltered) {
      isFiltered = false
      onUnfiltered()
    }
  }
}
