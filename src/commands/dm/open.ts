import type {Conversation} from '../../contract/resources.js'
import {userArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {conversationView} from '../../lib/output/views/conversation.js'

export type Output = Conversation

/** `veza dm open`: the conversation with a user. */
export default class DmOpen extends VezaCommand<Conversation> {
  static override summary = 'Open the conversation with a user, or show the one there is'
  static override calls = ['POST /conversations'] as const
  static override args = {user: userArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> 7 --json | jq .conversation_id',
  ]

  async run(): Promise<Conversation> {
    const {args} = await this.parse(DmOpen)
    this.out.check(conversationView)
    const conversation = await this.api.dms.open(await this.context.userId(args.user))
    await this.out.one(conversation, conversationView)
    return conversation
  }
}
