import {VezaCommand} from '../../lib/cli/base-command.js'
import {exportAll} from '../../lib/cli/export/export-all.js'
import {exportFlags, requiredOutput} from '../../lib/cli/export/flags.js'
import {findSources} from '../../lib/cli/export/sources.js'
import {namesArg} from '../../lib/cli/tail/tail-flags.js'
import {type ExportRecord, exportRecordView} from '../../lib/output/views/export-record.js'

/** One record for each room or conversation. */
export type Records = ExportRecord

/** `veza rooms export`: rooms and conversations into folders. */
export default class RoomsExport extends VezaCommand<void> {
  static override summary = 'Export rooms with threads, reactions and files into a folder'
  static override calls = [
    'GET /rooms/{id}/messages',
    'GET /conversations/{id}/messages',
    'GET /rooms/{id}/members',
    'GET /files/{id}/download',
  ] as const
  static override description =
    'Writes NDJSON records linked by a hash chain, the files that messages name, a manifest, and index.html to read and ' +
    'search it all without a network. The same command again appends what is new, and what has changed among the last ' +
    '--recheck messages. After a kill or a failure it goes on where it was. One room goes into DIR itself; several, or ' +
    '--all, each into a folder of its own in DIR.\n\n' +
    'Prints the root of each export: veza export verify finds any changed byte, and with --root also a folder that was ' +
    'made anew. docs/export.md describes the format.'
  static override args = {rooms: namesArg('Rooms: id, name or #name; by default VEZA_ROOM')}
  static override flags = exportFlags
  static override examples = [
    '<%= config.bin %> <%= command.id %> general --output backup/general',
    '<%= config.bin %> <%= command.id %> --all --output backup --json',
    '<%= config.bin %> <%= command.id %> --dm alice --output backup/alice --no-files',
  ]

  #unfinished = false

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RoomsExport)
    const {all = false, dm: users = [], recheck = 1000} = flags
    const output = requiredOutput(flags.output)
    const sources = await findSources(this.context, {rooms: args.rooms ?? [], users, all})
    const run = {output, recheck, files: !flags['no-files'], apart: all || sources.length > 1}
    this.#unfinished = true
    for await (const record of exportAll(sources, {
      ...run,
      context: this.context,
      version: this.config.version,
    })) {
      await this.out.record(record, exportRecordView)
    }
    this.#unfinished = false
  }

  protected override farewell(reason: string): string | undefined {
    return this.#unfinished && this.signal.aborted
      ? `${reason}: run the same command again to go on`
      : undefined
  }
}
