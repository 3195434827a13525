import {VezaCommand} from '../../lib/cli/base-command.js'
import {RelayStream} from '../../lib/cli/relay/relay-stream.js'
import {relayStreamFlags, streamsArg} from '../../lib/cli/relay/stream-flags.js'
import {type RelayedEntry, relayedEntryView} from '../../lib/output/views/relayed-entry.js'

/** One record of its stream. */
export type Records = RelayedEntry

/** `veza relay stream`: Redis streams into rooms. */
export default class RelayStreamCommand extends VezaCommand<void> {
  static override summary = 'Send the entries of Redis streams to rooms'
  static override description =
    'Reads streams of the Redis of VEZA_REDIS_URL as a consumer group, and sends each entry once, in the order of its ' +
    'stream, over restarts and crashes of any part: the text of its field content to the room of its field room_id or ' +
    'room (id, name or #name), as a reply to reply_to or parent_id. It is acknowledged when the message has arrived.\n\n' +
    'What can never be sent (no text, no such room, refused by the server) goes to a stream of dead letters with all its ' +
    'fields and veza_reason. While the server is away or limits the rate, the stream waits.\n\n' +
    'Started several times with the same group, one member reads each stream and the others stand by: within 10 seconds ' +
    'one of them goes on. Prints what became of each entry. See docs/relay-stream.md.'
  static override args = {streams: streamsArg()}
  static override flags = relayStreamFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> jobs',
    `<%= config.bin %> <%= command.id %> alerts --room ops --template '{{level}}: {{text}}' --from-start`,
    '<%= config.bin %> <%= command.id %> jobs alerts --group chat --dead-letters failed --json',
  ]

  #relay: RelayStream | undefined

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RelayStreamCommand)
    const {context, io} = this
    this.out.check(relayedEntryView)
    const relay = new RelayStream({context, io, request: flags, streams: args.streams})
    this.#relay = relay
    this.cleanup(() => relay.close())
    await relay.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#relay?.farewell(reason)
  }
}
