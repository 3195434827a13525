import {optionalUsersArg, roomArg} from '../../../lib/cli/args.js'
import {VezaCommand} from '../../../lib/cli/base-command.js'
import {changeMembers} from '../../../lib/cli/members/change-members.js'
import {manyFlags, roleFlag} from '../../../lib/cli/members/flags.js'
import type {MemberChange} from '../../../lib/output/views/member-change.js'

/** One record for each user. */
export type Records = MemberChange

/** `veza rooms members add`: users into a room. */
export default class RoomsMembersAdd extends VezaCommand<void> {
  static override summary = 'Bring users into a room'
  static override calls = ['POST /rooms/{id}/members'] as const
  static override description =
    'Who manages the room may. All users are checked before the first is added; members stay as they are. ' +
    'Prints a record for each; where one fails, those behind it are not done, and the same command again goes on.'
  static override args = {room: roomArg(), user: optionalUsersArg()}
  static override flags = {
    ...manyFlags,
    role: roleFlag('What they are there, member by default; a role in the file goes before'),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploys alice bob',
    '<%= config.bin %> <%= command.id %> deploys --from team.csv --dry-run',
    'cut -d: -f1 names.txt | <%= config.bin %> <%= command.id %> deploys --from - --role moderator',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoomsMembersAdd)
    const {room, user: users = []} = args
    await changeMembers(this.context, this.io, {
      action: 'add',
      room,
      users,
      from: flags.from,
      role: flags.role,
      dryRun: flags['dry-run'] === true,
      yes: true,
    })
  }
}
