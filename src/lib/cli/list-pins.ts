import type {Message} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {messageView} from '../output/views/message.js'
import type {Context} from './context.js'
import {pinnedMessages} from './pins.js'

const DEFAULT_LIMIT = 50

/** What to list. */
export interface PinsRequest {
  /** Finds the room. */
  readonly find: () => Promise<number>
  readonly all?: boolean
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

/** Lists the pinned messages of a room. @throws {VezaError} `usage` for a limit beside `all`. */
export async function listPins(context: Context, request: PinsRequest): Promise<void> {
  const {all, before, find, limit} = request
  if (all && limit !== undefined) throw new VezaError('usage', '--all goes without --limit')
  const {api, out} = context
  const roomId = await find()
  const onUnfiltered = (): void =>
    out.notice('the server does not list pinned messages alone: reading the whole history')
  const info = {empty: 'no pinned messages'}
  if (all) {
    const pins = pinnedMessages(api.messages, roomId, {beforeId: before, onUnfiltered})
    return out.listAll<Message>(pins, messageView, info)
  }
  const shown = limit ?? DEFAULT_LIMIT
  const pins: Message[] = []
  // One more than is shown tells whether there are more.
  const query = {beforeId: before, limit: shown + 1, onUnfiltered}
  for await (const pin of pinnedMessages(api.messages, roomId, query)) pins.push(pin)
  const last = pins[shown - 1]
  const more = pins.length > shown && last !== undefined ? `--before ${last.id}` : undefined
  await out.list<Message>(pins.slice(0, shown), messageView, {...info, more})
}
