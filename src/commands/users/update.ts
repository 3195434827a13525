import type {User} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag} from '../../lib/cli/flags.js'
import {requireChange} from '../../lib/cli/require-change.js'
import {userView} from '../../lib/output/views/user.js'

/** One document: the account as it is then. */
export type Output = User

/** `veza users update`: changes the own account. */
export default class UsersUpdate extends VezaCommand<User> {
  static override summary = 'Change your own account'
  static override calls = ['PUT /users/me'] as const
  static override description = 'What is not given stays. Prints the account.'
  static override flags = {
    username: textFlag({summary: 'The new user name', helpValue: 'NAME'}),
    email: textFlag({summary: 'The new address', helpValue: 'ADDRESS'}),
    'status-message': textFlag({
      summary: "What others see beside your name, '' for nothing",
      helpValue: 'TEXT',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> --status-message "back on Monday"',
    '<%= config.bin %> <%= command.id %> --email alice@example.org --json',
  ]

  async run(): Promise<User> {
    const {flags} = await this.parse(UsersUpdate)
    const {username, email, 'status-message': status_message} = flags
    requireChange({username, email, 'status-message': status_message})
    this.out.check(userView)
    const user = await this.api.users.update({username, email, status_message})
    await this.out.one(user, userView)
    return user
  }
}
