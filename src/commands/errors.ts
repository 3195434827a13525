import {optionalTextArg} from '../lib/cli/args.js'
import {VezaCommand} from '../lib/cli/base-command.js'
import {errorEntries, errorEntriesOf} from '../lib/cli/error-entries.js'
import {outputFlags} from '../lib/cli/flags.js'
import {type ErrorEntry, errorEntryView} from '../lib/output/views/error-entry.js'

/** What `--json` prints. */
export type Output = readonly ErrorEntry[]

/** `veza errors`: what commands can end with. */
export default class Errors extends VezaCommand<readonly ErrorEntry[]> {
  static override summary = 'List the error codes, with the exit code and the meaning of each'
  static override description =
    'The code is the field code of an error with --json; scripts branch on it or on the exit code, never on the text. With a ' +
    'code or an exit code only what has it. No server is asked.'
  static override baseFlags = outputFlags
  static override args = {
    code: optionalTextArg({
      description: 'A code or an exit code',
      words: errorEntries().map(({code}) => code),
    }),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> 6',
    `<%= config.bin %> <%= command.id %> --json | jq -r '.[] | select(.retryable) | .code'`,
  ]

  async run(): Promise<readonly ErrorEntry[]> {
    const {args} = await this.parse(Errors)
    const entries = args.code === undefined ? errorEntries() : errorEntriesOf(args.code)
    await this.out.list(entries, errorEntryView)
    return entries
  }
}
