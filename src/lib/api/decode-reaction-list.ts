import type {ReactionList} from '../../contract/resources.js'
import type {Decoder} from './decode.js'
import {decodeReactions} from './reactions.js'
import {amount, decodeShape, id, isJsonObject, nested, required, type Shape} from './shape.js'

const REACTION_LIST: Shape = {
  fields: [
    ['message_id', id],
    ['total_reactions', amount],
    ['reactions', required(nested(decodeReactions))],
  ],
}

/**
 * The reactions of a message (section 4 of the contract), in each of the three forms of section 7. No reactions may be
 * null. Throws `not_protocol`.
 */
export const decodeReactionList: Decoder<ReactionList> = (value, at = 'reactions answer') => {
  const isEmpty = isJsonObject(value) && value.reactions === null
  return decodeShape(
    REACTION_LIST,
    isEmpty ? {...value, reactions: []} : value,
    at,
  ) as unknown as ReactionList
}
