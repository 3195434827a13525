import {VezaCommand} from '../../lib/cli/base-command.js'
import {RelayRooms} from '../../lib/cli/relay/relay-rooms.js'
import {relayRoomsFlags} from '../../lib/cli/relay/rooms-flags.js'
import {namesArg} from '../../lib/cli/tail/tail-flags.js'

/** Nothing: the entries are in Redis. */
export type Output = never

/** `veza relay rooms`: rooms into a Redis stream. */
export default class RelayRoomsCommand extends VezaCommand<void> {
  static override summary = 'Write the messages of rooms to a Redis stream'
  static override description =
    'Adds each message of the rooms to a stream of the Redis of VEZA_REDIS_URL, once, in the order of its room, over ' +
    'reconnections, restarts and crashes of any part: how far each room is stands beside the stream and changes in the ' +
    'same step. An entry has the fields of the message; late is 1 where one with a higher id of its room was there before.\n\n' +
    'Started several times, on one machine or many, with the same stream, the members share the rooms evenly. What one ' +
    'leaves behind the others have within 10 seconds, and a member that was only frozen can write nothing any more to ' +
    'what is theirs. While Redis is away or full the server is held back, and nothing is lost.\n\n' +
    'Prints nothing on stdout: what is to be watched are the metrics. See docs/relay.md.'
  static override args = {
    rooms: namesArg('Rooms: id, name or #name; by default all that the account has joined, new ones too'),
  }
  static override flags = relayRoomsFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> --stream chat',
    '<%= config.bin %> <%= command.id %> general builds --stream chat --max-len 100000 --since 1h',
    '<%= config.bin %> <%= command.id %> --stream chat --metrics-listen :9100 --log-format json',
  ]

  #relay: RelayRooms | undefined

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RelayRoomsCommand)
    const relay = new RelayRooms({context: this.context, request: flags, rooms: args.rooms ?? []})
    this.#relay = relay
    this.cleanup(() => relay.close())
    await relay.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#relay?.farewell(reason)
  }
}
