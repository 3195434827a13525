import type {Room} from '../../contract/resources.js'
import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag} from '../../lib/cli/flags.js'
import {requireChange} from '../../lib/cli/require-change.js'
import {roomView} from '../../lib/output/views/room.js'

/** One document: the room as it is then. */
export type Output = Room

/** `veza rooms update`: another name or description for a room. */
export default class RoomsUpdate extends VezaCommand<Room> {
  static override summary = 'Change the name or the description of a room'
  static override calls = ['PUT /rooms/{id}'] as const
  static override description = 'Who manages the room may. What is not given stays. Prints the room.'
  static override args = {room: roomArg()}
  static override flags = {
    name: textFlag({summary: 'The new name', helpValue: 'NAME'}),
    description: textFlag({summary: "What the room is for, '' for nothing", helpValue: 'TEXT'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploys --name releases',
    '<%= config.bin %> <%= command.id %> 15 --description "What went out, and when" --json',
  ]

  async run(): Promise<Room> {
    const {args, flags} = await this.parse(RoomsUpdate)
    const {name, description} = flags
    requireChange({name, description})
    this.out.check(roomView)
    const room = await this.api.rooms.update(await this.context.roomId(args.room), {name, description})
    await this.out.one(room, roomView)
    return room
  }
}
