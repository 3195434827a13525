import {VezaCommand} from '../../lib/cli/base-command.js'
import {downloadAll, downloadToStdout} from '../../lib/cli/download/download-run.js'
import {fileIds} from '../../lib/cli/download/file-reference.js'
import {isToStdout, placeOf} from '../../lib/cli/download/place.js'
import {fileReferencesArg, sha256Flag} from '../../lib/cli/download/words.js'
import {switchFlag, textFlag} from '../../lib/cli/flags.js'
import {type DownloadedFile, downloadedFileView} from '../../lib/output/views/downloaded-file.js'

/** With `--json` one record a line; nothing where the file goes to stdout. */
export type Records = DownloadedFile

/** `veza files download`: files of the server. */
export default class FilesDownload extends VezaCommand<void> {
  static override summary = 'Download files'
  static override calls = ['GET /files/{id}/download'] as const
  static override description =
    'A file comes into a .part beside its place, is checked against the hash that the server gives, and gets its name only then; ' +
    'the same command goes on where a broken one got to. Without --output it is named as its uploader named it, less ' +
    'what is no plain file name: folders, control characters, reserved names. What is there is not overwritten.'
  static override args = {file: fileReferencesArg('Ids of files, or the addresses that uploads print')}
  static override flags = {
    output: textFlag({summary: 'Write the one file here, - for stdout', helpValue: 'FILE'}),
    dir: textFlag({summary: 'Write files into this folder, which is made', helpValue: 'DIR'}),
    force: switchFlag({summary: 'Replace a file that is there'}),
    'skip-existing': switchFlag({summary: 'Leave a file that is there'}),
    sha256: sha256Flag('What the one file must hash to'),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> 12 13 --dir reports --skip-existing',
    '<%= config.bin %> <%= command.id %> 12 --output - | tar tz',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(FilesDownload)
    const {server, apiPath, retries} = this.context.settings
    const ids = fileIds(args.file, `${server}${apiPath}`)
    const place = placeOf(flags, ids.length)
    const toStdout = isToStdout(
      flags.output,
      this.io.stdout.isTTY === true,
      this.context.settings.format === 'json',
    )
    const run = {
      ...{api: this.api.files, out: this.out, signal: this.signal, retries, server, place},
      ...{stateDir: this.context.paths.stateDir, sha256: flags.sha256},
    }
    if (toStdout) {
      await this.io.watchReader()
      for (const id of ids) await downloadToStdout(id, this.io, run)
      return
    }
    for await (const file of downloadAll(ids, run)) await this.out.record(file, downloadedFileView)
  }
}
