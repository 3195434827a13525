import {VezaCommand} from '../../lib/cli/base-command.js'
import {switchFlag, yesFlag} from '../../lib/cli/flags.js'
import {drop} from '../../lib/cli/outbox/drop.js'
import {outboxIdArg} from '../../lib/cli/outbox/id-arg.js'

/** What `--json` prints: the ids of what was dropped. */
export interface Output {
  readonly dropped: readonly number[]
}

/** `veza outbox drop`: takes messages out unsent. */
export default class OutboxDrop extends VezaCommand<void> {
  static override summary = 'Take a message out of the outbox without sending it'
  static override description =
    'There is no way back: asks first at a terminal and wants --yes elsewhere. No server is asked.'
  static override args = {id: outboxIdArg()}
  static override flags = {
    all: switchFlag({summary: 'All that veza outbox list shows'}),
    yes: yesFlag,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> 5',
    '<%= config.bin %> <%= command.id %> --all --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(OutboxDrop)
    await drop(this.context, this.io, {id: args.id, all: flags.all === true, yes: flags.yes === true})
  }
}
