import {optionalUsersArg, roomArg} from '../../../lib/cli/args.js'
import {VezaCommand} from '../../../lib/cli/base-command.js'
import {yesFlag} from '../../../lib/cli/flags.js'
import {changeMembers} from '../../../lib/cli/members/change-members.js'
import {manyFlags} from '../../../lib/cli/members/flags.js'
import type {MemberChange} from '../../../lib/output/views/member-change.js'

/** One record for each user. */
export type Records = MemberChange

/** `veza rooms members remove`: users out of a room. */
export default class RoomsMembersRemove extends VezaCommand<void> {
  static override summary = 'Take users out of a room'
  static override calls = ['DELETE /rooms/{id}/members/{user_id}'] as const
  static override description =
    'Who manages the room may. All users are checked before the first is removed; of several the plan is shown and confirmed at a ' +
    'terminal, and elsewhere wants --yes. Prints a record for each; the roles in a file do not matter.'
  static override args = {room: roomArg(), user: optionalUsersArg()}
  static override flags = {
    ...manyFlags,
    yes: yesFlag,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploys bob',
    '<%= config.bin %> <%= command.id %> deploys --from left.csv --yes --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoomsMembersRemove)
    const {room, user: users = []} = args
    await changeMembers(this.context, this.io, {
      action: 'remove',
      room,
      users,
      from: flags.from,
      role: undefined,
      dryRun: flags['dry-run'] === true,
      yes: flags.yes === true,
    })
  }
}
