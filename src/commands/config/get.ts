import {textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {getSetting} from '../../lib/cli/config-actions.js'
import {type SettingRecord, settingValueView} from '../../lib/output/views/setting.js'

/** What `--json` prints. */
export type Output = SettingRecord

/** `veza config get`: one setting. */
export default class ConfigGet extends VezaCommand<SettingRecord> {
  static override summary = 'Print the value of a setting, as commands in this folder use it'
  static override description =
    'With --json also where it came from. Ends with 7 where the setting has no value.'
  static override args = {key: textArg({description: 'The setting, see veza config list', required: true})}
  static override examples = [
    '<%= config.bin %> <%= command.id %> server',
    '<%= config.bin %> <%= command.id %> room --profile work --json',
  ]

  async run(): Promise<SettingRecord> {
    const {args} = await this.parse(ConfigGet)
    const setting = getSetting(this.context.resolved, args.key)
    await this.out.record(setting, settingValueView)
    return setting
  }
}
