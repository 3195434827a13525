import type {Message} from '../../contract/resources.js'
import {userArg} from '../../lib/cli/args.js'
import {findConversation} from '../../lib/cli/conversations.js'
import {HistoryCommand} from '../../lib/cli/history/history-command.js'
import {historyFlags} from '../../lib/cli/history/history-flags.js'

export type Records = Message

/** `veza dm history`: a conversation, read forward. */
export default class DmHistory extends HistoryCommand {
  static override summary = 'Read the conversation with a user, oldest first'
  static override calls = ['GET /conversations/{id}/messages'] as const
  static override description =
    'As messages history. Where there is no conversation yet, none is opened, and there are no messages.'
  static override args = {user: userArg()}
  static override flags = historyFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> 7 --since 2026-11-22 --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DmHistory)
    await this.show(flags, async context => {
      const conversation = await findConversation(context, args.user)
      return conversation && {kind: 'dm', id: conversation.conversation_id}
    })
  }
}
