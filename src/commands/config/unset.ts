import {textArg} from '../../lib/cli/args.js'
import {unsetSetting} from '../../lib/cli/config-actions.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'
import {profileFlag} from '../../lib/cli/flags.js'

/** What `--json` prints. */
export interface Output {
  readonly key: string
  /** Whether it was there. */
  readonly removed: boolean
}

/** `veza config unset`: removes a setting. */
export default class ConfigUnset extends ConfigCommand<void> {
  static override summary = 'Remove a setting from the user file'
  static override description =
    'With --profile from that profile. Also removes a key that is no setting, such as a mistyped one.'
  static override args = {key: textArg({description: 'The setting, see veza config list', required: true})}
  static override flags = {profile: profileFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> room',
    '<%= config.bin %> <%= command.id %> retries --profile work',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(ConfigUnset)
    const found = await unsetSetting(this.context, args.key)
    await this.out.data({key: args.key, removed: found} satisfies Output)
    this.out.notice(found ? `removed ${args.key}` : `${args.key} was not set`)
  }
}
