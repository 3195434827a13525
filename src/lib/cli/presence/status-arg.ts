import {custom} from '@oclif/core/args'
import {VezaError} from '../../errors/veza-error.js'
import {reader} from '../flags.js'

/** Section 5 of the contract, `update_status`. */
export const STATUSES = ['online', 'away', 'busy', 'invisible'] as const

/** A status that an account can have. */
export type Status = (typeof STATUSES)[number]

/** A required status. */
export function statusArg() {
  return custom<Status>({ignoreStdin: true})({
    description: `The status: ${STATUSES.join(', ')}`,
    required: true,
    parse: reader(parseStatus, 'STATUS'),
  })
}

function parseStatus(text: string, label: string): Status {
  const status = STATUSES.find(word => word === text)
  if (status === undefined) throw new VezaError('usage', `${label} wants one of: ${STATUSES.join(', ')}`)
  return status
}
