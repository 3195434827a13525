import {VezaCommand} from '../../lib/cli/base-command.js'
import {confirm} from '../../lib/cli/confirm.js'
import {fileIds} from '../../lib/cli/download/file-reference.js'
import {fileReferencesArg} from '../../lib/cli/download/words.js'
import {yesFlag} from '../../lib/cli/flags.js'

/** With `--json` one record a line. */
export interface Records {
  readonly file_id: number
  readonly deleted: true
}

/** `veza files delete`: files less. */
export default class FilesDelete extends VezaCommand<void> {
  static override summary = 'Delete files'
  static override calls = ['DELETE /files/{id}'] as const
  static override description =
    'Who uploaded a file may, and who manages its room. There is no way back: asks first at a terminal and wants --yes elsewhere.'
  static override args = {file: fileReferencesArg('Ids of files, or the addresses that uploads print')}
  static override flags = {yes: yesFlag}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12',
    '<%= config.bin %> <%= command.id %> 12 13 14 --yes',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(FilesDelete)
    const {server, apiPath} = this.context.settings
    const ids = fileIds(args.file, `${server}${apiPath}`)
    const what = ids.length === 1 ? `file ${ids[0]}` : `${ids.length} files: ${ids.join(', ')}`
    await confirm(this.context, this.io, `delete ${what}`, flags.yes === true)
    for (const id of ids) {
      await this.api.files.delete(id)
      const record: Records = {file_id: id, deleted: true}
      await this.out.data(record)
      this.out.notice(`deleted file ${id}`)
    }
  }
}
