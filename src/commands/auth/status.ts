import {VezaCommand} from '../../lib/cli/base-command.js'
import {describeSession} from '../../lib/cli/session-actions.js'
import {type SessionRecord, sessionView} from '../../lib/output/views/account.js'

/** `veza auth status`: who one is, and where the session is kept. */
export default class AuthStatus extends VezaCommand<SessionRecord> {
  static override summary = 'Show who is signed in, where the session is kept and how long it lasts'
  static override description = 'Asks the server who the session belongs to. Ends with 4 when not signed in.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq -r .username',
  ]

  async run(): Promise<SessionRecord> {
    await this.parse(AuthStatus)
    const record = await describeSession(this.context)
    await this.out.one(record, sessionView)
    return record
  }
}
