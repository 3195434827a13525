import {VezaCommand} from '../../lib/cli/base-command.js'
import {switchFlag} from '../../lib/cli/flags.js'
import {hush} from '../../lib/cli/hush.js'
import {describeSession} from '../../lib/cli/session-actions.js'
import {type SessionRecord, sessionView} from '../../lib/output/views/account.js'

/** What `--json` prints. */
export type Output = SessionRecord

/** `veza auth status`: who one is, and where the session is kept. */
export default class AuthStatus extends VezaCommand<SessionRecord> {
  static override summary = 'Show who is signed in, where the session is kept and how long it lasts'
  static override description =
    'Asks the server who the session belongs to. Ends with 4 when not signed in or when the server refuses the session, ' +
    'with 6 when it cannot be reached.'
  static override flags = {
    'exit-code': switchFlag({summary: 'Print nothing at all, not even an error: only the exit code tells'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq -r .username',
    '<%= config.bin %> <%= command.id %> --exit-code || <%= config.bin %> auth login',
  ]

  async run(): Promise<SessionRecord> {
    // Before the flags are read: reading them may warn already.
    if (this.argv.includes('--exit-code')) hush(this.io)
    await this.parse(AuthStatus)
    const record = await describeSession(this.context)
    await this.out.one(record, sessionView)
    return record
  }
}
