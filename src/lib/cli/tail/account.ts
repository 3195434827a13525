import type {Context} from '../context.js'
import {cursorOwner} from '../cursor-owner.js'
import type {Person} from './filters.js'

/** The account in use: by its session where that tells, and only where it does not, as with an API key, by the server. */
export async function ownAccount(context: Context): Promise<Required<Person>> {
  const {userId, username} = await cursorOwner(context)
  if (userId !== undefined && username !== undefined) return {id: userId, username}
  const user = await context.api.users.me()
  return {id: user.id, username: user.username}
}
