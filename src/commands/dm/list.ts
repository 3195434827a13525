import type {Conversation} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {limitFlag, showPage} from '../../lib/cli/show-page.js'
import {conversationView} from '../../lib/output/views/conversation.js'

export type Output = readonly Conversation[]

/** `veza dm list`: the conversations of the account. */
export default class DmList extends VezaCommand<void> {
  static override summary = 'List conversations, with what is unread'
  static override calls = ['GET /conversations'] as const
  static override description = 'The server lists 100 at most and has no next page.'
  static override flags = {limit: limitFlag(50)}
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq ".[] | select(.unread_count > 0)"',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(DmList)
    const {limit = 50} = flags
    const page = await this.api.dms.list({limit, includeLastMessage: true})
    await showPage(this.context, page, conversationView, {limit, noun: 'conversation'})
  }
}
