import {ConfigCommand} from '../../lib/cli/config-command.js'
import {listProfiles} from '../../lib/cli/profile-actions.js'
import {type ProfileRecord, profileView} from '../../lib/output/views/profile.js'

/** What `--json` prints. */
export type Output = readonly ProfileRecord[]

/** `veza profile list`: all profiles. */
export default class ProfileList extends ConfigCommand<readonly ProfileRecord[]> {
  static override summary = 'List profiles and mark the one in use'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    `<%= config.bin %> <%= command.id %> --json | jq -r '.[] | select(.current) | .name'`,
  ]

  async run(): Promise<readonly ProfileRecord[]> {
    await this.parse(ProfileList)
    const profiles = await listProfiles(this.context)
    await this.out.list(profiles, profileView, {empty: 'no profiles'})
    return profiles
  }
}
