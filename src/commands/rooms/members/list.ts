import type {Member} from '../../../contract/resources.js'
import {roomArg} from '../../../lib/cli/args.js'
import {VezaCommand} from '../../../lib/cli/base-command.js'
import {roleFlag} from '../../../lib/cli/members/flags.js'
import {limitFlag, showPage} from '../../../lib/cli/show-page.js'
import {memberView} from '../../../lib/output/views/member.js'

/** One document. */
export type Output = readonly Member[]

/** `veza rooms members list`: who is in a room. */
export default class RoomsMembersList extends VezaCommand<readonly Member[]> {
  static override summary = 'List the members of a room'
  static override calls = ['GET /rooms/{id}/members'] as const
  static override description =
    'The server lists 100 at most and has no next page: of a larger room --role shows a part each.'
  static override args = {room: roomArg()}
  static override flags = {
    role: roleFlag('Only members with this role'),
    limit: limitFlag(100),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> general --role moderator --json | jq -r .[].username',
  ]

  async run(): Promise<readonly Member[]> {
    const {args, flags} = await this.parse(RoomsMembersList)
    const {role, limit = 100} = flags
    const page = await this.api.rooms.members(await this.context.roomId(args.room), {
      limit,
      ...(role === undefined ? {} : {role}),
    })
    const narrow = role === undefined ? '--role' : undefined
    await showPage(this.context, page, memberView, {limit, noun: 'member', narrow})
    return page.items
  }
}
