import type {Message} from '../../contract/resources.js'
import {messagesArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {pinEach} from '../../lib/cli/pins.js'
import {messageView} from '../../lib/output/views/message.js'

/** Each message as it is then. */
export type Records = Message

/** `veza messages unpin`: no pin on messages. */
export default class MessagesUnpin extends VezaCommand<void> {
  static override summary = 'Take the pins off messages'
  static override calls = ['POST /messages/{id}/pin'] as const
  static override description =
    'Who may pin may unpin. One that is not pinned stays so. With several, the first that fails ends it.'
  static override args = {messages: messagesArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711',
    '<%= config.bin %> <%= command.id %> 4711 4712 --quiet',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(MessagesUnpin)
    this.out.check(messageView)
    for await (const message of pinEach(this.api.messages, args.messages, false)) {
      await this.out.record<Message>(message, messageView)
      this.out.notice(`unpinned message ${message.id}`)
    }
  }
}
