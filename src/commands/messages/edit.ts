import type {Message} from '../../contract/resources.js'
import {messageArg, optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {bodyFlags, textFlag} from '../../lib/cli/flags.js'
import {readBody} from '../../lib/cli/message-body.js'
import {messageView} from '../../lib/output/views/message.js'

/** What `--json` prints. */
export type Output = Message

/** `veza messages edit`: new text for a message. */
export default class MessagesEdit extends VezaCommand<Message> {
  static override summary = 'Change the text of a message'
  static override calls = ['PUT /messages/{id}'] as const
  static override description =
    'Only the author may. The new text is the second argument, or --message, or --file, or what is piped in.'
  static override args = {
    message: messageArg(),
    text: optionalTextArg({description: 'The new text'}),
  }
  static override flags = {
    ...bodyFlags,
    reason: textFlag({summary: 'Why it is changed, for who reads the history', helpValue: 'TEXT'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711 "Deployed 1.4.3"',
    'uptime | <%= config.bin %> <%= command.id %> 4711 --reason "new figures" --json',
  ]

  async run(): Promise<Message> {
    const {args, flags} = await this.parse(MessagesEdit)
    this.out.check(messageView)
    const {message, file, reason} = flags
    const {stdin} = this.io
    const content = await readBody({text: args.text, message, file, stdin, signal: this.signal})
    const edited = await this.api.messages.edit(args.message, {content, reason})
    await this.out.one(edited, messageView)
    return edited
  }
}
