import {textArg} from '../../lib/cli/args.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'
import {confirm} from '../../lib/cli/confirm.js'
import {yesFlag} from '../../lib/cli/flags.js'
import {removeProfile} from '../../lib/cli/profile-actions.js'

/** What `--json` prints. */
export interface Output {
  readonly name: string
  readonly removed: true
}

/** `veza profile remove`: forgets a profile. */
export default class ProfileRemove extends ConfigCommand<void> {
  static override summary = 'Remove a profile'
  static override description =
    'If it is the one in use, none is afterwards. A session stays: end it with veza auth logout first.'
  static override args = {name: textArg({description: 'The profile', required: true})}
  static override flags = {yes: yesFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> work',
    '<%= config.bin %> <%= command.id %> work --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ProfileRemove)
    const {context, io} = this
    const confirmed = () => confirm(context, io, `remove the profile ${args.name}`, flags.yes === true)
    await removeProfile(context, args.name, confirmed)
    await this.out.data({name: args.name, removed: true} satisfies Output)
    this.out.notice(`removed the profile ${args.name}`)
  }
}
