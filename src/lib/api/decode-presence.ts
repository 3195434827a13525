import type {Presence} from '../../contract/resources.js'
import type {Decoder} from './decode.js'
import {decodeShape, id, nullable, type Shape, text} from './shape.js'

const PRESENCE: Shape = {
  aliases: [{name: 'user_id', other: 'id'}],
  fields: [
    ['user_id', id],
    ['username', text],
    ['status', text],
    ['message', nullable(text)],
    ['last_seen', nullable(text)],
  ],
}

/** The data of a `user_presence` frame (sections 5 and 7). Throws `not_protocol`. */
export const decodePresence: Decoder<Presence> = (value, at = 'user_presence') =>
  decodeShape(PRESENCE, value, at) as Presence
