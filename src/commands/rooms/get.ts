import type {Room} from '../../contract/resources.js'
import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {roomView} from '../../lib/output/views/room.js'

/** What `--json` prints. */
export type Output = Room

/** `veza rooms get`: one room. */
export default class RoomsGet extends VezaCommand<Room> {
  static override summary = 'Show one room'
  static override calls = ['GET /rooms/{id}'] as const
  static override args = {room: roomArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> 15 --json',
  ]

  async run(): Promise<Room> {
    const {args} = await this.parse(RoomsGet)
    const room = await this.api.rooms.get(await this.context.roomId(args.room))
    await this.out.one(room, roomView)
    return room
  }
}
