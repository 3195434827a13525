import {textArg} from '../../../lib/cli/args.js'
import {VezaCommand} from '../../../lib/cli/base-command.js'
import {expiryFlag} from '../../../lib/cli/expiry.js'
import {textsFlag} from '../../../lib/cli/list-flags.js'
import {type ApiKeyRecord, apiKeyView} from '../../../lib/output/views/api-key.js'

/** What `--json` prints. */
export type Output = ApiKeyRecord

/** `veza auth keys create`: a key for a program, in place of a password. */
export default class AuthKeysCreate extends VezaCommand<ApiKeyRecord> {
  static override summary = 'Make an API key for a program'
  static override description =
    'The key is shown this once. Hand it to the program in VEZA_API_KEY, or sign in with it: veza auth login ' +
    '--api-key-stdin. Which permissions there are, the server says.'
  static override args = {name: textArg({description: 'What the key is for', required: true})}
  static override flags = {
    permission: textsFlag({summary: 'What the key may do; may be repeated', helpValue: 'PERMISSION'}),
    expires: expiryFlag('expires', {summary: 'When the key ends: 12h, 90d or 2030-01-31T12:00:00Z'}),
    ip: textsFlag({
      summary: 'From where the key may be used, 10.1.0.0/16; may be repeated',
      helpValue: 'CIDR',
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> ci --permission read --permission write --expires 90d',
    '<%= config.bin %> <%= command.id %> backup --ip 10.1.0.0/16 --json | jq -r .key',
  ]

  async run(): Promise<ApiKeyRecord> {
    const {args, flags} = await this.parse(AuthKeysCreate)
    const made = await this.api.auth.createApiKey({
      name: args.name,
      permissions: flags.permission,
      expiresAt: flags.expires,
      ipWhitelist: flags.ip,
    })
    await this.out.one(made, apiKeyView)
    this.out.notice('the key is shown only this once: keep it now')
    return made
  }
}
