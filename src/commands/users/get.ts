import type {User} from '../../contract/resources.js'
import {usersArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {getUsers} from '../../lib/cli/users/get-users.js'

/** One record for each user. */
export type Records = User

/** `veza users get`: users by id or name. */
export default class UsersGet extends VezaCommand<void> {
  static override summary = 'Show users'
  static override calls = ['GET /users/{id}'] as const
  static override description =
    'Of one user the details, of several a table; with --json a record a line, however many they are.'
  static override args = {user: usersArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> alice 7 @bob --json | jq .id',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(UsersGet)
    await getUsers(this.context, args.user)
  }
}
