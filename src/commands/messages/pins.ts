import type {Message} from '../../contract/resources.js'
import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {idFlag, integerFlag, roomFlag, switchFlag} from '../../lib/cli/flags.js'
import {listPins} from '../../lib/cli/list-pins.js'

export type Output = readonly Message[]

/** `veza messages pins`: what is pinned in a room. */
export default class MessagesPins extends VezaCommand<void> {
  static override summary = 'List the pinned messages of a room, newest first'
  static override calls = ['GET /rooms/{id}/messages'] as const
  static override description =
    'A server that cannot list pinned messages alone gives all messages of the room, and these are picked out of its ' +
    'history: that is said on stderr, and takes a request for each 100 messages.'
  static override args = {room: optionalTextArg({description: 'The room: id, name or #name'})}
  static override flags = {
    room: roomFlag,
    limit: integerFlag('limit', {summary: 'At most so many, 50 by default'}, 1, 100),
    before: idFlag('before', {summary: 'Only messages older than this one'}),
    all: switchFlag({summary: 'All of them'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> general --all --json | jq -r .[].content',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesPins)
    await listPins(this.context, {...flags, find: () => this.context.chosenRoom(args.room, flags.room)})
  }
}
