import type {Message} from '../../contract/resources.js'
import {textArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {Search} from '../../lib/cli/search/search.js'
import {searchFlags} from '../../lib/cli/search/search-flags.js'
import {namesArg} from '../../lib/cli/tail/tail-flags.js'

export type Records = Message

/** `veza messages search`: what was said about something. */
export default class MessagesSearch extends VezaCommand<void> {
  static override summary = 'Search rooms for a text, newest first'
  static override calls = ['GET /rooms/{id}/messages'] as const
  static override description =
    'The server cannot search: the history is read, 100 messages a request, and each match is printed as it is found; ' +
    '--since and --limit make it short. Upper and lower case are the same unless TEXT has upper case letters, or ' +
    '--case-sensitive is given. With several rooms the matches are in one order, as if they were one room. ' +
    'With --json each match is a line.'
  static override args = {
    text: textArg({description: 'The text to find', required: true}),
    rooms: namesArg('Rooms: id, name or #name; by default VEZA_ROOM'),
  }
  static override flags = searchFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> "connection refused" builds --since 7d',
    "<%= config.bin %> <%= command.id %> --regex '^deployed \\d+' --all-rooms --from bot --limit 10 --json",
  ]

  #search: Search | undefined

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesSearch)
    const {context, io} = this
    this.#search = new Search({context, io, request: {...flags, text: args.text, rooms: args.rooms ?? []}})
    await this.#search.run()
  }

  protected override farewell(reason: string): string | undefined {
    return this.#search?.farewell(reason)
  }
}
