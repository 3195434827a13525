import type {Target} from '../../delivery/outbox/outbox-types.js'
import type {Channel} from '../../realtime/channel.js'
import type {Context} from '../context.js'
import type {KeyedMessage} from './send-once.js'

/** A message and where it goes, as it was given. */
export type MessageTo = Omit<KeyedMessage, 'place'> & {readonly to: Target}

/**
 * The place of a target: of a room by its id, of a user the conversation, which is opened where there is none.
 * @throws {VezaError} `not_found` for a name that nobody has, and what the calls throw.
 */
export async function placeOf(context: Context, {kind, ...reference}: Target): Promise<Channel> {
  if (kind === 'room') return {kind, id: await context.roomId(reference)}
  const {conversation_id} = await context.api.dms.open(await context.userId(reference))
  return {kind, id: conversation_id}
}
