import {VezaCommand} from '../../lib/cli/base-command.js'
import {renewSession} from '../../lib/cli/renew-session.js'
import {type RenewedRecord, renewedView} from '../../lib/output/views/token.js'

/** What `--json` prints. */
export type Output = RenewedRecord

/** `veza auth refresh`: renews the session now. */
export default class AuthRefresh extends VezaCommand<RenewedRecord> {
  static override summary = 'Renew the session now, whatever time its access token has left'
  static override description =
    'There is no need to: every command renews the session when it has to. It shows whether the server still does, and ' +
    'gives programs that take the output of auth token the longest time.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq -r .expires_at',
  ]

  async run(): Promise<RenewedRecord> {
    await this.parse(AuthRefresh)
    const record = await renewSession(this.context)
    await this.out.one(record, renewedView)
    return record
  }
}
