import type {User} from '../../../contract/resources.js'
import {userView} from '../../output/views/user.js'
import type {Reference} from '../args.js'
import type {Context} from '../context.js'

/**
 * Shows users: one with details, several as a table; as JSON a record a line in either case, so that a script need not know how
 * many it asked for.
 * @throws {VezaError} `not_found` for the first one that does not exist, before any is shown.
 */
export async function getUsers(context: Context, references: readonly Reference[]): Promise<void> {
  const {api, out} = context
  const users: User[] = []
  for (const reference of references) users.push(await api.users.get(await context.userId(reference)))
  const [first] = users
  if (out.format === 'json' || out.format === 'jq') for (const user of users) await out.record(user, userView)
  else if (users.length === 1 && first !== undefined) await out.one(first, userView)
  else await out.list<User>(users, userView)
}
