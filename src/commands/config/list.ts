import {VezaCommand} from '../../lib/cli/base-command.js'
import {listSettings} from '../../lib/cli/config-actions.js'
import {type SettingRecord, settingView} from '../../lib/output/views/setting.js'

/** What `--json` prints. */
export type Output = readonly SettingRecord[]

/** `veza config list`: all settings and where each came from. */
export default class ConfigList extends VezaCommand<readonly SettingRecord[]> {
  static override summary = 'List all settings, each with where its value came from'
  static override description =
    'A flag outranks the environment, then come .veza.json of this folder or one above it, the profile in use, the ' +
    'user file and the default. .veza.json may name server, profile, room and format.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    `<%= config.bin %> <%= command.id %> --json | jq -r '.[] | select(.source != "default") | .key'`,
  ]

  async run(): Promise<readonly SettingRecord[]> {
    await this.parse(ConfigList)
    const settings = listSettings(this.context.resolved)
    await this.out.list(settings, settingView)
    return settings
  }
}
