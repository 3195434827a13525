import {VezaCommand} from '../../lib/cli/base-command.js'
import {foldersArg, rootFlag, verifyAll} from '../../lib/cli/export/verify-all.js'
import {outputFlags} from '../../lib/cli/flags.js'
import {type VerifyRecord, verifyRecordView} from '../../lib/output/views/export-record.js'

/** One record for each folder. */
export type Records = VerifyRecord

/** `veza export verify`: finds any changed byte. */
export default class ExportVerify extends VezaCommand<void> {
  static override summary = 'Find any changed byte in exports of rooms'
  static override description =
    'Reads everything and changes nothing; asks no server. Finds what was changed, added or is missing: in a record (with ' +
    'its line), a file, the page, or the manifest. A folder of several exports is taken for all of them. Ends with 1 when ' +
    'something is wrong. Who can write to the folder could make the whole anew: only --root, with what the export ' +
    'printed and you kept elsewhere, rules that out.'
  static override baseFlags = outputFlags
  static override args = {folders: foldersArg()}
  static override flags = {root: rootFlag()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> backup',
    '<%= config.bin %> <%= command.id %> backup/general --root 5f7c...e1 --json',
  ]
  protected override readonly usesFiles = false

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ExportVerify)
    for await (const record of verifyAll(args.folders, flags.root, this.signal)) {
      await this.out.record(record, verifyRecordView)
    }
  }
}
