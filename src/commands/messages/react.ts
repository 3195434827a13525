import {messageArg, textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import type {OwnReaction} from '../../lib/output/views/reaction.js'

/** What was done. */
export type Output = OwnReaction

/** `veza messages react`: a reaction more. */
export default class MessagesReact extends VezaCommand<void> {
  static override summary = 'React to a message'
  static override calls = ['POST /messages/{id}/reactions'] as const
  static override description =
    'The emoji may be any text that the server takes, mostly of 20 characters at most. The same reaction once more changes nothing.'
  static override args = {
    message: messageArg(),
    emoji: textArg({description: 'The emoji', required: true}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711 👍',
    '<%= config.bin %> <%= command.id %> 4711 🎉 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(MessagesReact)
    const {emoji, message: id} = args
    await this.api.messages.react(id, emoji)
    const done: Output = {message_id: id, emoji, reacted: true}
    await this.out.data(done)
    this.out.notice(`reacted to message ${id} with ${emoji}`)
  }
}
