import {wordArg} from '../lib/cli/args.js'
import {VezaCommand} from '../lib/cli/base-command.js'
import {SHELLS} from '../lib/cli/complete/answer.js'
import {outputFlags} from '../lib/cli/flags.js'

/** What `--json` prints: the script. */
export type Output = string

/** `veza completion`: the script that a shell runs. */
export default class Completion extends VezaCommand<void> {
  static override summary = 'Print the script that completes commands, flags, rooms and users in a shell'
  static override description =
    'bash, in ~/.bashrc: source <(veza completion bash)\n' +
    'zsh, in ~/.zshrc below compinit: source <(veza completion zsh)\n' +
    'fish: veza completion fish > ~/.config/fish/completions/veza.fish\n' +
    'PowerShell, in $PROFILE: veza completion powershell | Out-String | Invoke-Expression\n\n' +
    'Names of rooms and users come from the server in use; they are kept for a minute, in the state folder, for each account ' +
    'on its own. A server that does not answer within a second holds nobody up.'
  static override baseFlags = outputFlags
  static override args = {
    shell: wordArg('SHELL', SHELLS, {description: `The shell: ${SHELLS.join(', ')}`, required: true}),
  }
  static override examples = [
    'source <(<%= config.bin %> <%= command.id %> bash)',
    '<%= config.bin %> <%= command.id %> fish > ~/.config/fish/completions/veza.fish',
  ]

  async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    const {SCRIPTS} = await import('../lib/cli/complete/scripts/index.js')
    await this.out.value(SCRIPTS[args.shell])
  }
}
