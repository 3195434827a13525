import {VezaError} from '../../errors/veza-error.js'
import {integerFlag, switchFlag, textFlag} from '../flags.js'
import {textsFlag} from '../list-flags.js'

/** The flags of `veza rooms export` that are its own. */
export const exportFlags = {
  output: textFlag({
    summary: 'The folder: a new one, an empty one, or that of an earlier export',
    helpValue: 'DIR',
  }),
  all: switchFlag({summary: 'Every room that the account has joined'}),
  dm: textsFlag({
    summary: 'The conversation with this user: id, name or @name; may be repeated',
    helpValue: 'USER',
  }),
  recheck: integerFlag(
    'recheck',
    {summary: 'Look again at so many of the messages exported before, 1000 by default; 0 for none'},
    0,
  ),
  'no-files': switchFlag({summary: 'Leave out the files that messages name; a later run fetches them'}),
}

/** The value of `--output`, which oclif would miss in three lines. @throws {VezaError} `usage` where it is missing or empty. */
export function requiredOutput(output: string | undefined): string {
  if (output !== undefined && output !== '') return output
  throw new VezaError('usage', '--output is missing', {hint: 'name the folder for the export: --output DIR'})
}
