import type {Conversation} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import type {Reference} from './args.js'
import type {Context} from './context.js'
import {findConversation, partnerOf} from './conversations.js'

/** What was done: the contract has no answer to it. */
export interface Blocked {
  readonly conversation_id: number
  readonly user_id: number
  /** Whether this account blocks the conversation now. The other user may still do so. */
  readonly blocked: boolean
}

/**
 * Blocks the conversation with a user, which is opened where there is none yet, or takes that back (section 4 of the
 * contract). Resolves to what was done and to the user's name.
 * @throws {VezaError} `not_found` for a name no user has, and where there is no conversation to unblock.
 */
export async function setBlocked(
  context: Context,
  user: Reference,
  blocked: boolean,
): Promise<{readonly done: Blocked; readonly name: string}> {
  const userId = await context.userId(user)
  const conversation = await conversationWith(context, userId, user, blocked)
  const {conversation_id} = conversation
  await context.api.dms.block(conversation_id, blocked)
  return {done: {conversation_id, user_id: userId, blocked}, name: partnerOf(conversation, user)}
}

async function conversationWith(
  context: Context,
  userId: number,
  user: Reference,
  blocked: boolean,
): Promise<Conversation> {
  if (blocked) return context.api.dms.open(userId)
  const found = await findConversation(context, {id: userId})
  if (found !== undefined) return found
  const name = 'name' in user ? user.name : `user ${user.id}`
  throw new VezaError('not_found', `there is no conversation with ${name}`)
}
