import type {Room} from '../../contract/resources.js'
import {textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {integerFlag, switchFlag, textFlag} from '../../lib/cli/flags.js'
import {roomView} from '../../lib/output/views/room.js'

/** What `--json` prints. */
export type Output = Room

/** `veza rooms create`: a new room. */
export default class RoomsCreate extends VezaCommand<Room> {
  static override summary = 'Create a room'
  static override calls = ['POST /rooms'] as const
  static override description = 'The room is public unless --private is given. Prints the new room.'
  static override args = {name: textArg({description: 'Name of the room', required: true})}
  static override flags = {
    description: textFlag({summary: 'What the room is for', helpValue: 'TEXT'}),
    private: switchFlag({summary: 'Only members see it'}),
    'max-members': integerFlag('max-members', {summary: 'How many may be in it'}, 1),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> deploys --description "What went out"',
    'id=$(<%= config.bin %> <%= command.id %> incident-42 --private --json | jq .id)',
  ]

  async run(): Promise<Room> {
    const {args, flags} = await this.parse(RoomsCreate)
    this.out.check(roomView)
    const room = await this.api.rooms.create({
      name: args.name,
      isPublic: !flags.private,
      description: flags.description,
      maxMembers: flags['max-members'],
    })
    await this.out.one(room, roomView)
    return room
  }
}
