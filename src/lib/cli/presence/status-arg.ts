import {wordArg} from '../args.js'

/** Section 5 of the contract, `update_status`. */
const STATUSES = ['online', 'away', 'busy', 'invisible'] as const

/** A status that an account can have. */
export type Status = (typeof STATUSES)[number]

/** A required status. */
export function statusArg() {
  return wordArg('STATUS', STATUSES, {description: `The status: ${STATUSES.join(', ')}`, required: true})
}
