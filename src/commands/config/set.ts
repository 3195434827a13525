import {textArg} from '../../lib/cli/args.js'
import {setSetting} from '../../lib/cli/config-actions.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'
import {profileFlag} from '../../lib/cli/flags.js'
import {type SettingRecord, settingView} from '../../lib/output/views/setting.js'

/** What `--json` prints. */
export type Output = SettingRecord

/** `veza config set`: writes a setting. */
export default class ConfigSet extends ConfigCommand<SettingRecord> {
  static override summary = 'Write a setting to the user file'
  static override description =
    'With --profile or VEZA_PROFILE to that profile. The value is checked first; secrets are refused, and so is insecure.'
  static override args = {
    key: textArg({description: 'The setting, see veza config list', required: true}),
    value: textArg({description: 'Its value, durations as 90s, 10m, 2h', required: true}),
  }
  static override flags = {profile: profileFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> retries 5',
    '<%= config.bin %> <%= command.id %> room "#deploys" --profile work',
  ]

  async run(): Promise<SettingRecord> {
    const {args} = await this.parse(ConfigSet)
    const setting = await setSetting(this.context, args.key, args.value)
    await this.out.one(setting, settingView)
    return setting
  }
}
