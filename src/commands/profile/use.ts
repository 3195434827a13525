import {textArg} from '../../lib/cli/args.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'
import {useProfile} from '../../lib/cli/profile-actions.js'
import {type ProfileRecord, profileView} from '../../lib/output/views/profile.js'

/** What `--json` prints. */
export type Output = ProfileRecord

/** `veza profile use`: which profile holds. */
export default class ProfileUse extends ConfigCommand<ProfileRecord> {
  static override summary = 'Make a profile the one in use'
  static override description =
    'For one command --profile does, for a shell VEZA_PROFILE. To use none: veza config unset profile.'
  static override args = {name: textArg({description: 'The profile', required: true})}
  static override examples = [
    '<%= config.bin %> <%= command.id %> work',
    '<%= config.bin %> <%= command.id %> home && <%= config.bin %> auth status',
  ]

  async run(): Promise<ProfileRecord> {
    const {args} = await this.parse(ProfileUse)
    const profile = await useProfile(this.context, args.name)
    await this.out.one(profile, profileView)
    return profile
  }
}
