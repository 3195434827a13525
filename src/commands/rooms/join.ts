import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {join} from '../../lib/cli/members/own-membership.js'
import {type MemberChange, memberChangeView} from '../../lib/output/views/member-change.js'

/** One document: the own membership. */
export type Output = MemberChange

/** `veza rooms join`: into a room. */
export default class RoomsJoin extends VezaCommand<MemberChange> {
  static override summary = 'Join a room'
  static override calls = ['POST /rooms/{id}/members'] as const
  static override description =
    'Into a private room its moderators let you: veza rooms members add. Who is in the room already stays in it.'
  static override args = {room: roomArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> 15 --json',
  ]

  async run(): Promise<MemberChange> {
    const {args} = await this.parse(RoomsJoin)
    this.out.check(memberChangeView)
    const joined = await join(this.api, await this.context.roomId(args.room))
    await this.out.one(joined, memberChangeView)
    this.out.notice(
      joined.outcome === 'done' ? `joined room ${joined.room_id}` : 'you were in the room already',
    )
    return joined
  }
}
