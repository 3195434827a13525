import {messageArg, textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import type {OwnReaction} from '../../lib/output/views/reaction.js'

/** What was done. */
export type Output = OwnReaction

/** `veza messages unreact`: a reaction less. */
export default class MessagesUnreact extends VezaCommand<void> {
  static override summary = 'Take a reaction back'
  static override calls = ['DELETE /messages/{id}/reactions/{emoji}'] as const
  static override description =
    'Takes back what this account has reacted with; a reaction that is not there ends with 7.'
  static override args = {
    message: messageArg(),
    emoji: textArg({description: 'The emoji', required: true}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711 👍',
    '<%= config.bin %> <%= command.id %> 4711 🎉 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(MessagesUnreact)
    const {emoji, message: id} = args
    await this.api.messages.unreact(id, emoji)
    const done: Output = {message_id: id, emoji, reacted: false}
    await this.out.data(done)
    this.out.notice(`took ${emoji} back from message ${id}`)
  }
}
