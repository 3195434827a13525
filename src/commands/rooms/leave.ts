import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {leave} from '../../lib/cli/members/own-membership.js'
import {type MemberChange, memberChangeView} from '../../lib/output/views/member-change.js'

/** One document: the membership that ended. */
export type Output = MemberChange

/** `veza rooms leave`: out of a room. */
export default class RoomsLeave extends VezaCommand<MemberChange> {
  static override summary = 'Leave a room'
  static override calls = ['DELETE /rooms/{id}/members/{user_id}'] as const
  static override description = 'The way back into a private room is through its moderators.'
  static override args = {room: roomArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> random',
    '<%= config.bin %> <%= command.id %> 15 --json',
  ]

  async run(): Promise<MemberChange> {
    const {args} = await this.parse(RoomsLeave)
    this.out.check(memberChangeView)
    const left = await leave(this.api, await this.context.roomId(args.room))
    await this.out.one(left, memberChangeView)
    this.out.notice(left.outcome === 'done' ? `left room ${left.room_id}` : 'you were not in the room')
    return left
  }
}
