import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {durationFlag, switchFlag, textFlag} from '../../lib/cli/flags.js'
import {verifyGiven} from '../../lib/cli/verify-token.js'
import {type VerifiedRecord, verifiedView} from '../../lib/output/views/token.js'

/** What `--json` prints. */
export type Output = VerifiedRecord

/** `veza auth verify`: checks a token's signature and times on this machine. */
export default class AuthVerify extends VezaCommand<VerifiedRecord> {
  static override summary = 'Check the signature of an access token and show its claims'
  static override description =
    'Takes the token from stdin with - or --token-stdin, else the one in use. The signature must be HS256, HS384 or ' +
    'HS512 under the secret of the server. Ends with 4, and says why, for a token that is not valid. The server is ' +
    'only asked for its time, and need not be there.'
  static override args = {source: optionalTextArg({description: '- reads the token from stdin'})}
  static override flags = {
    'secret-file': textFlag({
      summary: 'Read the secret of the server from this file [env: VEZA_JWT_SECRET]',
      helpValue: 'FILE',
    }),
    'token-stdin': switchFlag({summary: 'Read the token from the first line of stdin'}),
    leeway: durationFlag('leeway', {summary: 'Let the clocks differ by so much, 0 by default'}),
  }
  static override examples = [
    'VEZA_JWT_SECRET=... <%= config.bin %> <%= command.id %>',
    'echo "$TOKEN" | <%= config.bin %> <%= command.id %> --token-stdin --secret-file jwt-secret.txt --json',
  ]

  async run(): Promise<VerifiedRecord> {
    const {args, flags} = await this.parse(AuthVerify)
    const record = await verifyGiven(this.context, this.io, {
      source: args.source,
      tokenStdin: flags['token-stdin'],
      secretFile: flags['secret-file'],
      leewayMs: flags.leeway,
    })
    await this.out.one(record, verifiedView)
    return record
  }
}
