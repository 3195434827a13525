import {VezaCommand} from '../../lib/cli/base-command.js'
import {accessToken} from '../../lib/cli/session-actions.js'

/** What `--json` prints. */
export type Output = string

/** `veza auth token`: an access token for other programs. */
export default class AuthToken extends VezaCommand<void> {
  static override summary = 'Print an access token that is good for at least 30 seconds'
  static override description = 'The token opens your account: hand it to programs, not to files or logs.'
  static override examples = [
    'curl -H "Authorization: Bearer $(<%= config.bin %> <%= command.id %>)" http://localhost:8080/api/v1/users/me',
    'VEZA_TOKEN=$(<%= config.bin %> <%= command.id %>) ./job.sh',
  ]

  async run(): Promise<void> {
    await this.parse(AuthToken)
    await this.out.value(await accessToken(this.context))
  }
}
