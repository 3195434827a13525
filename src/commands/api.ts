import {fieldFlags} from '../lib/cli/api/field-flags.js'
import {readFields} from '../lib/cli/api/fields.js'
import {readInput} from '../lib/cli/api/input.js'
import {buildRequest, METHODS} from '../lib/cli/api/request.js'
import {runCall} from '../lib/cli/api/run-call.js'
import {textArg} from '../lib/cli/args.js'
import {VezaCommand} from '../lib/cli/base-command.js'
import {switchFlag, textFlag} from '../lib/cli/flags.js'
import {textsFlag} from '../lib/cli/list-flags.js'

/** The data of any answer. */
export type Output = unknown

/** `veza api`: any call. */
export default class Api extends VezaCommand<void> {
  static override summary = 'Make any call of the REST API'
  static override description =
    'Signs in, retries and fails as every other command, and prints the data of the answer as JSON, in the words of the ' +
    'server. PATH is below /api/v1. The fields of -f and -F are the query of a GET or DELETE and else the body; ' +
    'a[b]=1 is a field of a field, a[]=1 one of a list. A POST or PATCH is not repeated once it may have been executed. ' +
    'The bytes of a file are got by veza files download.'
  static override args = {
    method: textArg({description: 'GET, POST, PUT, PATCH or DELETE', words: METHODS, required: true}),
    path: textArg({description: 'Path of the call, such as /rooms/1', required: true}),
  }
  static override flags = {
    ...fieldFlags,
    input: textFlag({summary: 'Read the body, JSON, from this file, - for stdin', helpValue: 'FILE'}),
    header: textsFlag({char: 'H', summary: 'A header to send; may be repeated', helpValue: 'NAME: VALUE'}),
    paginate: switchFlag({summary: 'All pages of a list, as one list'}),
    include: switchFlag({char: 'i', summary: 'Show the status and the headers of the answer on stderr'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> GET /rooms -f filter=joined --paginate',
    '<%= config.bin %> <%= command.id %> POST /messages/4711/pin -F pinned=true',
    'jq -n \'{name: "ops"}\' | <%= config.bin %> <%= command.id %> PUT /rooms/15 --input -',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Api)
    const read = (path: string): Promise<string> => readInput(path, this.io.stdin)
    const fields = await readFields({texts: flags['raw-field'] ?? [], typed: flags.field ?? [], read})
    const input = flags.input === undefined ? undefined : await read(flags.input)
    const words = {...args, headers: flags.header ?? [], fields, input}
    const {paginate = false, include = false} = flags
    await runCall(this.context, buildRequest(words, this.context.settings), {paginate, include})
  }
}
