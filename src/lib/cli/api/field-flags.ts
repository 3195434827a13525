import {textsFlag} from '../list-flags.js'

/** `-f` and `-F`, as `gh api` has them. */
export const fieldFlags = {
  'raw-field': textsFlag({
    char: 'f',
    summary: 'A field whose value is text; may be repeated',
    helpValue: 'KEY=VALUE',
  }),
  field: textsFlag({
    char: 'F',
    summary: 'A field: true, false, null and numbers are those, @FILE is the text of a file; may be repeated',
    helpValue: 'KEY=VALUE',
  }),
}
