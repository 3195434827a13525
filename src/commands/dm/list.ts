import type {Conversation} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {integerFlag} from '../../lib/cli/flags.js'
import {conversationsLeftOut} from '../../lib/cli/list-conversations.js'
import {conversationView} from '../../lib/output/views/conversation.js'

export type Output = readonly Conversation[]

/** `veza dm list`: the conversations of the account. */
export default class DmList extends VezaCommand<void> {
  static override summary = 'List conversations, with what is unread'
  static override calls = ['GET /conversations'] as const
  static override flags = {
    limit: integerFlag(
      'limit',
      {summary: 'At most so many, 50 by default; the server lists no more than 100'},
      1,
      100,
    ),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq ".[] | select(.unread_count > 0)"',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(DmList)
    const {limit = 50} = flags
    const page = await this.api.dms.list({limit, includeLastMessage: true})
    const {notice, ...info} = conversationsLeftOut(page, limit)
    await this.out.list<Conversation>(page.items, conversationView, info)
    if (notice !== undefined) this.out.notice(notice)
  }
}
