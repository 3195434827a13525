import {textArg} from '../../lib/cli/args.js'
import {ConfigCommand} from '../../lib/cli/config-command.js'
import {serverFlag, textFlag} from '../../lib/cli/flags.js'
import {addProfile} from '../../lib/cli/profile-actions.js'
import {type ProfileRecord, profileView} from '../../lib/output/views/profile.js'

/** What `--json` prints. */
export type Output = ProfileRecord

/** `veza profile add`: a new profile. */
export default class ProfileAdd extends ConfigCommand<ProfileRecord> {
  static override summary = 'Add a profile: settings that go together under a name'
  static override description =
    'Sign in to it with veza auth login --profile NAME, and set more with veza config set --profile NAME.'
  static override args = {
    name: textArg({description: 'Its name: 1 to 64 letters, digits, _ and -', required: true}),
  }
  static override flags = {
    server: serverFlag({summary: 'Address of its server'}),
    username: textFlag({summary: 'Its account', helpValue: 'NAME'}),
    room: textFlag({summary: 'Its room where none is given', helpValue: 'ROOM'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> work --server https://chat.example.org --username alice',
    '<%= config.bin %> <%= command.id %> home --server http://localhost:8080 --room general',
  ]

  async run(): Promise<ProfileRecord> {
    const {args, flags} = await this.parse(ProfileAdd)
    const {server, username, room} = flags
    const profile = await addProfile(this.context, args.name, {server, username, room})
    await this.out.one(profile, profileView)
    return profile
  }
}
