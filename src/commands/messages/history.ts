import type {Message} from '../../contract/resources.js'
import {optionalTextArg} from '../../lib/cli/args.js'
import {roomFlag} from '../../lib/cli/flags.js'
import {HistoryCommand} from '../../lib/cli/history/history-command.js'
import {historyFlags} from '../../lib/cli/history/history-flags.js'

export type Records = Message

/** `veza messages history`: a room, read forward. */
export default class MessagesHistory extends HistoryCommand {
  static override summary = 'Read the history of a room, oldest first'
  static override calls = ['GET /rooms/{id}/messages'] as const
  static override description =
    'Prints the last 50 messages, or those that --last, --since, --all or --thread ask for, as messages tail prints them. ' +
    'However long the history is, little of it is in memory. --last counts what --from lets through. ' +
    'With --json each message is a line.'
  static override args = {room: optionalTextArg({description: 'The room: id, name or #name'})}
  static override flags = {room: roomFlag, ...historyFlags}
  static override examples = [
    '<%= config.bin %> <%= command.id %> general --since 2h',
    '<%= config.bin %> <%= command.id %> "#builds" --thread 4711',
    '<%= config.bin %> <%= command.id %> general --all --json > general.ndjson',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesHistory)
    await this.show(flags, async context => ({
      kind: 'room',
      id: await context.chosenRoom(args.room, flags.room),
    }))
  }
}
