import {userArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {type Blocked, setBlocked} from '../../lib/cli/block.js'

export type Output = Blocked

/** `veza dm block`: nobody writes there. */
export default class DmBlock extends VezaCommand<void> {
  static override summary = 'Block the conversation with a user'
  static override calls = ['POST /conversations/{id}/block', 'POST /conversations'] as const
  static override description =
    'Neither of the two can write there from then on: dm send ends with 8. Opens the conversation where there is none yet.'
  static override args = {user: userArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> 7 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(DmBlock)
    const {done, name} = await setBlocked(this.context, args.user, true)
    await this.out.data(done)
    this.out.notice(`blocked the conversation with ${name}`)
  }
}
