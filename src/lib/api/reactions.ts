import type {Reaction} from '../../contract/resources.js'
import {
  amount,
  decodeShape,
  id,
  isJsonObject,
  kindOf,
  mismatch,
  nested,
  required,
  type Shape,
  text,
} from './shape.js'

const USER: Shape = {
  aliases: [{name: 'id', other: 'user_id', otherWins: true}],
  fields: [
    ['id', id],
    ['username', text],
  ],
}

const REACTION: Shape = {
  fields: [
    ['emoji', required(text)],
    ['count', required(amount)],
    ['users', required(nested(decodeUsers))],
  ],
}

/**
 * Reactions of a message in each of the three forms of section 7 (emoji to users, emoji to `{count, users}`, a list of
 * `{emoji, count, users}`) as the list. A user may be a name, an id or an object; a missing count is the number of users.
 * Throws `not_protocol`.
 */
export function decodeReactions(value: unknown, at: string): readonly Reaction[] {
  if (Array.isArray(value)) return mapList(value, at, decodeReaction)
  if (!isJsonObject(value)) throw mismatch(at, `should be a list or an object, is ${kindOf(value)}`)
  const listed = Object.entries(value).map(([emoji, entry]) =>
    Array.isArray(entry) ? {emoji, users: entry} : isJsonObject(entry) ? {...entry, emoji} : entry,
  )
  return mapList(listed, at, decodeReaction)
}

function decodeReaction(value: unknown, at: string): Reaction {
  if (!isJsonObject(value)) throw mismatch(at, `should be an object, is ${kindOf(value)}`)
  const users = value.users ?? []
  const count = value.count ?? (Array.isArray(users) ? users.length : 0)
  const full = users === value.users && count === value.count ? value : {...value, count, users}
  return decodeShape(REACTION, full, at) as unknown as Reaction
}

function decodeUsers(value: unknown, at: string): unknown {
  if (!Array.isArray(value)) throw mismatch(at, `should be a list, is ${kindOf(value)}`)
  return mapList(value, at, (user, where) => {
    if (typeof user === 'string') return {username: user}
    return decodeShape(USER, typeof user === 'number' ? {id: user} : user, where)
  })
}

/** The list itself where no item changed, so that what is normalised already is not copied. */
function mapList<T>(
  list: readonly unknown[],
  at: string,
  decode: (item: unknown, at: string) => T,
): readonly T[] {
  let changed = false
  const items = list.map((item, index) => {
    const decoded = decode(item, `${at}[${index}]`)
    changed ||= decoded !== item
    return decoded
  })
  return changed ? items : (list as readonly T[])
}
