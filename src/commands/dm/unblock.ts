import {userArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {type Blocked, setBlocked} from '../../lib/cli/block.js'

export type Output = Blocked

/** `veza dm unblock`: writing is possible again. */
export default class DmUnblock extends VezaCommand<void> {
  static override summary = 'Take back the block of a conversation'
  static override calls = ['POST /conversations/{id}/block'] as const
  static override description =
    "Only this account's own block: where the other user blocks too, it stays blocked."
  static override args = {user: userArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice',
    '<%= config.bin %> <%= command.id %> 7 --json',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(DmUnblock)
    const {done, name} = await setBlocked(this.context, args.user, false)
    await this.out.data(done)
    this.out.notice(`no longer blocking the conversation with ${name}`)
  }
}
