import {messageArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {confirm} from '../../lib/cli/confirm.js'
import {yesFlag} from '../../lib/cli/flags.js'

/** What `--json` prints. */
export interface Output {
  readonly id: number
  readonly deleted: true
}

/** `veza messages delete`: a message less. */
export default class MessagesDelete extends VezaCommand<void> {
  static override summary = 'Delete a message'
  static override calls = ['DELETE /messages/{id}'] as const
  static override description =
    'The author may, and who manages the room. There is no way back: asks first at a terminal and wants --yes elsewhere.'
  static override args = {message: messageArg()}
  static override flags = {yes: yesFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 4711',
    '<%= config.bin %> <%= command.id %> 4711 --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesDelete)
    await confirm(this.context, this.io, `delete message ${args.message}`, flags.yes === true)
    await this.api.messages.delete(args.message)
    await this.out.data({id: args.message, deleted: true})
    this.out.notice(`deleted message ${args.message}`)
  }
}
