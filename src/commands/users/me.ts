import type {User} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {userView} from '../../lib/output/views/user.js'

/** One document. */
export type Output = User

/** `veza users me`: the own account. */
export default class UsersMe extends VezaCommand<User> {
  static override summary = 'Show your own account'
  static override calls = ['GET /users/me'] as const
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq .id',
  ]

  async run(): Promise<User> {
    await this.parse(UsersMe)
    const user = await this.api.users.me()
    await this.out.one(user, userView)
    return user
  }
}
