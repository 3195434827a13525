import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {confirm} from '../../lib/cli/confirm.js'
import {yesFlag} from '../../lib/cli/flags.js'
import {describeRoom} from '../../lib/cli/members/describe-room.js'

/** One document: what is gone. */
export interface Output {
  readonly id: number
  readonly deleted: true
}

/** `veza rooms delete`: a room less. */
export default class RoomsDelete extends VezaCommand<Output> {
  static override summary = 'Delete a room with all its messages'
  static override calls = ['DELETE /rooms/{id}'] as const
  static override description =
    'Its owner may. There is no way back: asks first at a terminal, with the name of the room and how many are in it, and ' +
    'wants --yes elsewhere.'
  static override args = {room: roomArg()}
  static override flags = {yes: yesFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> incident-42',
    '<%= config.bin %> <%= command.id %> 15 --yes',
  ]

  async run(): Promise<Output> {
    const {args, flags} = await this.parse(RoomsDelete)
    const id = await this.context.roomId(args.room)
    if (!flags.yes) {
      const room = await describeRoom(this.api.rooms, id)
      await confirm(this.context, this.io, `delete ${room} and all its messages`, false)
    }
    await this.api.rooms.delete(id)
    const output: Output = {id, deleted: true}
    await this.out.data(output)
    this.out.notice(`deleted room ${id}`)
    return output
  }
}
