import type {Message} from '../../contract/resources.js'
import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {idFlag, integerFlag, roomFlag, switchFlag} from '../../lib/cli/flags.js'
import {VezaError} from '../../lib/errors/veza-error.js'
import {messageView} from '../../lib/output/views/message.js'

/** What `--json` prints. */
export type Output = readonly Message[]

/** `veza messages list`: a room's history. */
export default class MessagesList extends VezaCommand<void> {
  static override summary = 'List the messages of a room, newest first'
  static override calls = ['GET /rooms/{id}/messages'] as const
  static override args = {room: optionalTextArg({description: 'The room: id, name or #name'})}
  static override flags = {
    room: roomFlag,
    limit: integerFlag('limit', {summary: 'At most so many, 50 by default'}, 1, 100),
    before: idFlag('before', {summary: 'Only messages older than this one'}),
    all: switchFlag({summary: 'All pages, to the first message'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general --limit 10',
    '<%= config.bin %> <%= command.id %> general --all --json > general.json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesList)
    const room = await this.context.chosenRoom(args.room, flags.room)
    const {before, limit = 50} = flags
    const empty = 'no messages'
    if (flags.all && flags.limit !== undefined) throw new VezaError('usage', '--all goes without --limit')
    if (flags.all) {
      return this.out.listAll<Message>(this.api.messages.history(room, {beforeId: before}), messageView, {
        empty,
      })
    }
    const page = await this.api.messages.list(room, {limit, beforeId: before})
    const oldest = page.items.at(-1)
    const more = page.has_more && oldest !== undefined ? `--before ${oldest.id}` : undefined
    await this.out.list<Message>(page.items, messageView, {more, empty})
  }
}
