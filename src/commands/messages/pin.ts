import type {Message} from '../../contract/resources.js'
import {messagesArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {pinEach} from '../../lib/cli/pins.js'
import {messageView} from '../../lib/output/views/message.js'

/** Each message as it is then. */
export type Records = Message

/** `veza messages pin`: a pin on messages. */
export default class MessagesPin extends VezaCommand<void> {
  static override summary = 'Pin messages'
  static override calls = ['POST /messages/{id}/pin'] as const
  static override description =
    'Who manages the room may: its owner, its moderators and the admins of the server; in a conversation both users. One that is pinned already stays so. With several, the first that fails ends it.'
  static override args = {messages: messagesArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711',
    '<%= config.bin %> <%= command.id %> 4711 4712 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(MessagesPin)
    this.out.check(messageView)
    for await (const message of pinEach(this.api.messages, args.messages, true)) {
      await this.out.record<Message>(message, messageView)
      this.out.notice(`pinned message ${message.id}`)
    }
  }
}
