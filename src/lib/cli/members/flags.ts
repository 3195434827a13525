import {MEMBER_ROLES} from '../../api/room-members.js'
import {switchFlag, textFlag, wordFlag} from '../flags.js'

/** `--role`, with what it is for. */
export function roleFlag(summary: string) {
  return wordFlag('role', MEMBER_ROLES, {summary})
}

/** Where the users come from beside the arguments, and whether anything is done. */
export const manyFlags = {
  from: textFlag({
    summary: 'Take the users from this file, - for stdin: CSV with the header user,role or one name a line',
    helpValue: 'FILE',
  }),
  'dry-run': switchFlag({summary: 'Only show what would be done'}),
}
