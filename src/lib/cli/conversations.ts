import type {Conversation} from '../../contract/resources.js'
import {isPart, MAX_PAGE_SIZE} from '../api/paging.js'
import type {Reference} from './args.js'
import type {Context} from './context.js'

/**
 * The conversation with a user, undefined where there is none: unlike `POST /conversations` a look makes none. Only where
 * the server lists a part of them, and not this one, is it opened as that call has it, new or old.
 * @throws {VezaError} `not_found` for a name no user has.
 */
export async function findConversation(context: Context, user: Reference): Promise<Conversation | undefined> {
  const {dms} = context.api
  const userId = await context.userId(user)
  const page = await dms.list({limit: MAX_PAGE_SIZE, includeLastMessage: false})
  const {items} = page
  const found = items.find(({other_user}) => other_user?.id === userId)
  const isPartial = isPart(page) || items.some(item => item.other_user === undefined)
  return found === undefined && isPartial ? dms.open(userId) : found
}

/** Whom a conversation is with, as far as it is known. */
export function partnerOf({other_user}: Conversation, user: Reference): string {
  return other_user?.username ?? ('name' in user ? user.name : `user ${user.id}`)
}
