import {VezaCommand} from '../../../lib/cli/base-command.js'
import {enableSecondFactor} from '../../../lib/cli/second-factor.js'
import type {SecondFactorRecord} from '../../../lib/output/views/second-factor.js'
import {secondFactorView} from '../../../lib/output/views/second-factor.js'

/** What `--json` prints. */
export type Output = SecondFactorRecord

/** `veza auth 2fa enable`: from now on a sign-in needs a code as well. */
export default class Auth2faEnable extends VezaCommand<SecondFactorRecord> {
  static override summary = 'Switch the second factor on'
  static override description =
    'Shows the secret once, at a terminal as a QR code for an authenticator app, too, with backup codes for the day the ' +
    'app is lost. From then on a sign-in needs a code: it is asked for, or given with --totp or VEZA_TOTP.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq -r .secret',
  ]

  async run(): Promise<SecondFactorRecord> {
    await this.parse(Auth2faEnable)
    const {factor, ...address} = await enableSecondFactor(this.context)
    await this.out.one(factor, secondFactorView(address))
    this.out.notice('secret and backup codes are shown only this once: keep them now')
    return factor
  }
}
