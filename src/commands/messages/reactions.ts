import type {Reaction} from '../../contract/resources.js'
import {messageArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {reactionView} from '../../lib/output/views/reaction.js'

export type Output = readonly Reaction[]

/** `veza messages reactions`: who reacted with what. */
export default class MessagesReactions extends VezaCommand<void> {
  static override summary = 'List the reactions to a message, by emoji'
  static override calls = ['GET /messages/{id}/reactions'] as const
  static override args = {message: messageArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711',
    '<%= config.bin %> <%= command.id %> 4711 --json | jq -r ".[0].users[].username"',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(MessagesReactions)
    const {reactions} = await this.api.messages.reactions(args.message)
    await this.out.list<Reaction>(reactions, reactionView, {empty: 'no reactions'})
  }
}
