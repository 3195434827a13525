import {VezaCommand} from '../../lib/cli/base-command.js'
import {signOut} from '../../lib/cli/session-actions.js'

/** What `--json` prints. */
export interface Output {
  readonly server: string
  readonly username: string
  readonly signed_out: true
}

/** `veza auth logout`: ends the session here and on the server. */
export default class AuthLogout extends VezaCommand<void> {
  static override summary = 'Sign out'
  static override description =
    'Removes the session from this machine and asks the server to end it. Where the server cannot be reached the ' +
    'session is removed all the same, and a warning says so.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --server https://chat.example.org',
  ]

  async run(): Promise<void> {
    await this.parse(AuthLogout)
    const {entry, failure} = await signOut(this.context)
    if (failure !== undefined) this.out.warn(`the server did not end the session: ${failure.message}`)
    await this.out.data({server: entry.server, username: entry.username, signed_out: true} satisfies Output)
    this.out.notice(`signed out ${entry.username} from ${entry.server}`)
  }
}
