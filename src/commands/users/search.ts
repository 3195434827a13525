import type {User} from '../../contract/resources.js'
import {textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {limitFlag, showPage} from '../../lib/cli/show-page.js'
import {userView} from '../../lib/output/views/user.js'

/** One document. */
export type Output = readonly User[]

/** `veza users search`: users by a part of their name. */
export default class UsersSearch extends VezaCommand<readonly User[]> {
  static override summary = 'Find users by a part of their name'
  static override calls = ['GET /users/search'] as const
  static override description =
    'What the server finds, in its order; it gives 100 at most and has no next page.'
  static override args = {text: textArg({description: 'What to look for', required: true})}
  static override flags = {limit: limitFlag(50)}
  static override examples = [
    '<%= config.bin %> <%= command.id %> bo',
    '<%= config.bin %> <%= command.id %> bot --limit 100 --json | jq -r .[].username',
  ]

  async run(): Promise<readonly User[]> {
    const {args, flags} = await this.parse(UsersSearch)
    const {limit = 50} = flags
    const page = await this.api.users.searchPage(args.text, {limit})
    await showPage(this.context, page, userView, {limit, noun: 'user', narrow: 'a longer TEXT'})
    return page.items
  }
}
