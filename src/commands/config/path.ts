import {configPath} from '../../lib/cli/config-actions.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'

/** What `--json` prints. */
export type Output = string

/** `veza config path`: where the user file is. */
export default class ConfigPath extends ConfigCommand<string> {
  static override summary = 'Print the path of the user file, whether it is there or not'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '$EDITOR "$(<%= config.bin %> <%= command.id %>)"',
  ]

  async run(): Promise<string> {
    await this.parse(ConfigPath)
    const path = configPath(this.context.paths)
    await this.out.value(path)
    return path
  }
}
