import {optionalUsersArg, roomArg} from '../../../lib/cli/args.js'
import {VezaCommand} from '../../../lib/cli/base-command.js'
import {yesFlag} from '../../../lib/cli/flags.js'
import {changeMembers} from '../../../lib/cli/members/change-members.js'
import {manyFlags, roleFlag} from '../../../lib/cli/members/flags.js'
import type {MemberChange} from '../../../lib/output/views/member-change.js'

/** One record for each user. */
export type Records = MemberChange

/** `veza rooms members set-role`: roles in a room. */
export default class RoomsMembersSetRole extends VezaCommand<void> {
  static override summary = 'Give members of a room another role'
  static override calls = ['PUT /rooms/{id}/members/{user_id}'] as const
  static override description =
    'The owner of the room may. All users are checked before the first is changed; of several the plan is shown and confirmed at a ' +
    'terminal, and elsewhere wants --yes. Prints a record for each.'
  static override args = {room: roomArg(), user: optionalUsersArg()}
  static override flags = {
    ...manyFlags,
    role: roleFlag('What they become; a role in the file goes before'),
    yes: yesFlag,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploys bob --role moderator',
    '<%= config.bin %> <%= command.id %> deploys --from roles.csv --yes --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoomsMembersSetRole)
    const {room, user: users = []} = args
    await changeMembers(this.context, this.io, {
      action: 'set_role',
      room,
      users,
      from: flags.from,
      role: flags.role,
      dryRun: flags['dry-run'] === true,
      yes: flags.yes === true,
    })
  }
}
