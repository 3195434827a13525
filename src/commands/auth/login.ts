import {VezaCommand} from '../../lib/cli/base-command.js'
import {switchFlag, textFlag} from '../../lib/cli/flags.js'
import {warnOfForeignServer} from '../../lib/cli/risks.js'
import {assertCanRememberServer, rememberServer} from '../../lib/cli/session-actions.js'
import {assertMayAuthenticate, assertOneStorage, authenticate} from '../../lib/cli/sign-in.js'
import {accountView, type SignedInRecord} from '../../lib/output/views/account.js'

/** What `--json` prints. */
export type Output = SignedInRecord

/** `veza auth login`: opens a session that the other commands use. */
export default class AuthLogin extends VezaCommand<SignedInRecord> {
  static override summary = 'Sign in'
  static override description =
    'Keeps the session in the OS keychain and remembers the server, so that the other commands need neither. Where ' +
    'there is no keychain, VEZA_PASSPHRASE keeps it in an encrypted file, --insecure-storage in a plain one that only ' +
    'you can read. In a pipeline set VEZA_TOKEN, or VEZA_USERNAME and VEZA_PASSWORD, and do without signing in.'
  static override flags = {
    username: textFlag({summary: 'User name [env: VEZA_USERNAME]', helpValue: 'NAME'}),
    'password-stdin': switchFlag({
      summary: 'Read the password from the first line of stdin [env: VEZA_PASSWORD]',
    }),
    totp: textFlag({
      summary: 'Code of the second factor, asked for where the server wants it',
      helpValue: 'CODE',
    }),
    'api-key-stdin': switchFlag({summary: 'Read an API key from stdin, in place of name and password'}),
    'with-token': switchFlag({summary: 'Read an access token from stdin, in place of name and password'}),
    'insecure-storage': switchFlag({
      summary: 'Keep the session in a plain file of mode 0600, not in the keychain',
    }),
    'require-keychain': switchFlag({
      summary: 'Keep the session in the keychain or fail [env: VEZA_REQUIRE_KEYCHAIN]',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> --server https://chat.example.org --username alice',
    '<%= config.bin %> <%= command.id %> --username bot --password-stdin --insecure-storage < password.txt',
  ]

  async run(): Promise<SignedInRecord> {
    const {flags} = await this.parse(AuthLogin)
    const {context} = this
    warnOfForeignServer(context.resolved, this.out)
    assertMayAuthenticate(context, this.io, flags)
    assertOneStorage(flags)
    await assertCanRememberServer(context)
    const account = await context.accounts.signIn(() => authenticate(context, this.io, flags), {
      insecure: flags['insecure-storage'],
      requireKeychain: flags['require-keychain'] || context.settings.requireKeychain,
      onStepDown: reason => this.out.warn(`${reason}; the session goes to an encrypted file`),
    })
    await rememberServer(context)
    const record = {...account.entry, storage: account.place}
    await this.out.one(record, accountView)
    return record
  }
}
