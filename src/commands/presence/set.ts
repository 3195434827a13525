import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag} from '../../lib/cli/flags.js'
import {setStatus} from '../../lib/cli/presence/set.js'
import {type Status, statusArg} from '../../lib/cli/presence/status-arg.js'

/** What `presence set --json` prints: the status that the server has taken. */
export interface Output {
  readonly status: Status
  readonly message?: string
}

/** `veza presence set`: what others see of oneself. */
export default class PresenceSet extends VezaCommand<Output> {
  static override summary = 'Tell others that you are online, away, busy or invisible'
  static override calls = ['update_status'] as const
  static override description =
    'Ends once the server has handled it. A server may forget it as soon as the account has no connection any more, such as ' +
    'that of a tail: then it holds only while there is one.'
  static override args = {status: statusArg()}
  static override flags = {
    message: textFlag({
      char: 'm',
      summary: 'A few words to go with it; none take the old ones away',
      helpValue: 'TEXT',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> busy --message "in a meeting until 11"',
    '<%= config.bin %> <%= command.id %> online',
  ]

  async run(): Promise<Output> {
    const {args, flags} = await this.parse(PresenceSet)
    const {message} = flags
    const update = {status: args.status, ...(message === undefined ? {} : {message})}
    await setStatus(this.context, update)
    await this.out.data(update)
    this.out.notice(`you are ${args.status} now${message === undefined ? '' : `: ${message}`}`)
    return update
  }
}
