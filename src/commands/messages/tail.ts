import type {Message} from '../../contract/resources.js'
import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {counted, Ending} from '../../lib/cli/ending.js'
import {describeFeedEvent} from '../../lib/cli/feed-report.js'
import {idFlag, integerFlag, roomFlag} from '../../lib/cli/flags.js'
import {printFeed} from '../../lib/cli/print-feed.js'
import {openContextFeed} from '../../lib/cli/room-feed.js'
import {messageView} from '../../lib/output/views/message.js'

/** `veza messages tail`: a room, live. */
export default class MessagesTail extends VezaCommand<void> {
  static override summary = 'Follow a room live'
  static override description =
    'Prints each new message as it comes. When the connection breaks it is opened again, and what came meanwhile is ' +
    'fetched, so that each message is printed once. Following a public room makes you a member of it. Ends with 0 after --count, with 124 when --timeout runs out.'
  static override args = {room: optionalTextArg({description: 'The room: id, name or #name'})}
  static override flags = {
    room: roomFlag,
    last: integerFlag('last', {char: 'n', summary: 'Begin with the last so many messages, 0 by default'}, 0),
    since: idFlag('since', {summary: 'Begin with what came after this message'}),
    count: integerFlag('count', {summary: 'End after so many messages'}, 1),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general --last 10',
    '<%= config.bin %> <%= command.id %> "#builds" --json | jq --unbuffered -r .content',
    '<%= config.bin %> <%= command.id %> general --count 1 --timeout 10m',
  ]

  readonly #ending = new Ending()
  #printed = 0
  #lastId = 0

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesTail)
    const roomId = await this.context.chosenRoom(args.room, flags.room)
    const room = flags.room ?? args.room ?? `room ${roomId}`
    const feed = openContextFeed(this.context, {
      roomId,
      last: flags.last ?? 0,
      afterId: flags.since,
      signal: this.signal,
      onState: event => {
        if (event.type === 'ready') this.#begin(flags.since ?? event.lastId)
        describeFeedEvent(event, room, this.out)
      },
    })
    this.cleanup(() => feed.close())
    await this.io.watchReader()
    await printFeed(feed, {count: flags.count, print: message => this.#print(message)})
  }

  #begin(afterId: number): void {
    this.#lastId = afterId
    this.#ending.begin()
  }

  #print(message: Message): Promise<void> | undefined {
    this.#printed += 1
    this.#lastId = Math.max(this.#lastId, message.id)
    return this.out.record(message, messageView)
  }

  #resume(): string | undefined {
    return this.#lastId === 0 ? undefined : `go on with --since ${this.#lastId}`
  }

  protected override farewell(reason: string): string | undefined {
    return this.#ending.line(reason, counted(this.#printed, 'message'), this.#resume())
  }
}
