import type {Room} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {integerFlag, switchFlag, textFlag, wordFlag} from '../../lib/cli/flags.js'
import {VezaError} from '../../lib/errors/veza-error.js'
import {roomView} from '../../lib/output/views/room.js'

/** What `--json` prints. */
export type Output = readonly Room[]

/** `veza rooms list`: the rooms one may see. */
export default class RoomsList extends VezaCommand<void> {
  static override summary = 'List rooms'
  static override calls = ['GET /rooms'] as const
  static override flags = {
    filter: wordFlag('filter', ['public', 'private', 'joined', 'owned'], {summary: 'Only these rooms'}),
    search: textFlag({summary: 'Only rooms whose name or description holds this', helpValue: 'TEXT'}),
    limit: integerFlag('limit', {summary: 'At most so many, 50 by default'}, 1, 100),
    offset: integerFlag('offset', {summary: 'Leave out so many'}, 0),
    all: switchFlag({summary: 'All pages'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> --filter joined',
    '<%= config.bin %> <%= command.id %> --all --json | jq -r .[].name',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(RoomsList)
    const {filter, search, limit = 50, offset = 0} = flags
    const empty = 'no rooms'
    if (flags.all && (flags.limit !== undefined || flags.offset !== undefined))
      throw new VezaError('usage', '--all goes without --limit and --offset')
    if (flags.all) return this.out.listAll<Room>(this.api.rooms.all({filter, search}), roomView, {empty})
    const page = await this.api.rooms.list({filter, search, limit, offset})
    const more = page.has_more ? `--offset ${offset + page.items.length}` : undefined
    await this.out.list<Room>(page.items, roomView, {more, empty})
  }
}
