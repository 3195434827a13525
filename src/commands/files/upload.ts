import type {UploadedFile} from '../../contract/resources.js'
import {filesArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {integerFlag, roomFlag, switchFlag, textFlag} from '../../lib/cli/flags.js'
import {uploadAll} from '../../lib/cli/upload-run.js'
import {openUploads} from '../../lib/cli/upload-source.js'
import {uploadedFileView} from '../../lib/output/views/uploaded-file.js'

/** Each record of `--json`. */
export type Records = UploadedFile

/** `veza files upload`: files into a room. */
export default class FilesUpload extends VezaCommand<void> {
  static override summary = 'Upload files to a room'
  static override calls = ['POST /files/upload'] as const
  static override description =
    'Every file is checked before the first one is sent, and streamed from disk. Prints a record for each file as soon ' +
    'as the server has it, with --json one record a line. With - the file is read from stdin and needs --name.'
  static override args = {file: filesArg({description: 'Files to upload, - for stdin'})}
  static override flags = {
    room: roomFlag,
    name: textFlag({summary: "Name to show instead of the file's own; for a single file", helpValue: 'NAME'}),
    description: textFlag({summary: 'What the file is', helpValue: 'TEXT'}),
    'allow-empty': switchFlag({summary: 'Take an empty file, too'}),
    'max-size': integerFlag(
      'max-size',
      {summary: 'Largest file in bytes, 0 for any; 100 MiB by default [env: VEZA_MAX_UPLOAD]'},
      0,
    ),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> report.pdf trace.log --room general',
    'tar cz build | <%= config.bin %> <%= command.id %> - --name build.tgz --room general --json',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(FilesUpload)
    this.out.check(uploadedFileView)
    const files = await openUploads(args.file, {
      name: flags.name,
      maxBytes: flags['max-size'] ?? this.context.settings.maxUploadBytes,
      allowEmpty: flags['allow-empty'],
      stdin: this.io.stdin,
    })
    const roomId = await this.context.chosenRoom(undefined, flags.room)
    const {description} = flags
    for await (const file of uploadAll(files, {roomId, description, api: this.api.files, out: this.out})) {
      await this.out.record(file, uploadedFileView)
    }
  }
}
