import {VezaCommand} from '../../lib/cli/base-command.js'
import {readCredentials} from '../../lib/cli/credentials.js'
import {switchFlag, textFlag} from '../../lib/cli/flags.js'
import {assertCanRememberServer, rememberServer} from '../../lib/cli/session-actions.js'
import {type AccountRecord, accountView} from '../../lib/output/views/account.js'

/** `veza auth login`: opens a session that the other commands use. */
export default class AuthLogin extends VezaCommand<AccountRecord> {
  static override summary = 'Sign in'
  static override description =
    'Keeps the session in the OS keychain and remembers the server, so that the other commands need neither. Where ' +
    'there is no keychain, --insecure-storage keeps it in a file that only you can read; in a pipeline set VEZA_TOKEN, ' +
    'or VEZA_USERNAME and VEZA_PASSWORD, and do without signing in.'
  static override flags = {
    username: textFlag({summary: 'User name [env: VEZA_USERNAME]', helpValue: 'NAME'}),
    'password-stdin': switchFlag({
      summary: 'Read the password from the first line of stdin [env: VEZA_PASSWORD]',
    }),
    'insecure-storage': switchFlag({
      summary: 'Keep the session in a plain file of mode 0600, not in the keychain',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> --server https://chat.example.org --username alice',
    '<%= config.bin %> <%= command.id %> --username bot --password-stdin --insecure-storage < password.txt',
  ]

  async run(): Promise<AccountRecord> {
    const {flags} = await this.parse(AuthLogin)
    const {context, io, signal, environment} = this
    await assertCanRememberServer(context)
    const {username, password} = await readCredentials({
      username: flags.username ?? context.settings.username,
      passwordStdin: flags['password-stdin'],
      noInput: context.noInput,
      environment,
      io,
      signal,
    })
    const account = await context.accounts.signIn({
      username,
      password,
      insecureStorage: flags['insecure-storage'],
    })
    await rememberServer(context)
    const record = {...account.entry, storage: account.place}
    await this.out.one(record, accountView)
    return record
  }
}
