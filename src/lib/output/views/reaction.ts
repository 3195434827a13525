import type {Reaction, ReactionUser} from '../../../contract/resources.js'
import type {View} from './view.js'

/** One emoji under a message (sections 4 and 7 of the contract): how often, and by whom. */
export const reactionView: View<Reaction> = {
  columns: [
    {header: 'emoji', value: reaction => reaction.emoji},
    {header: 'count', value: reaction => reaction.count},
    {header: 'users', value: usersOf},
  ],
}

/** A server may name a part of them only. */
function usersOf({count, users}: Reaction): string {
  const names = users.map(nameOf)
  const others = count - users.length
  return [...names, ...(others > 0 ? [`${others} more`] : [])].join(', ')
}

function nameOf({id, username}: ReactionUser): string {
  return username ?? (id === undefined ? 'unknown' : `user ${id}`)
}

/** What became of one's own reaction to a message: the server answers nothing to it. */
export interface OwnReaction {
  readonly message_id: number
  readonly emoji: string
  /** Whether this account's reaction is there now. */
  readonly reacted: boolean
}
