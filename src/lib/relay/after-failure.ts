import type {ErrorCode} from '../errors/catalogue.js'
import type {VezaError} from '../errors/veza-error.js'

/** No other try mends these: the message, its room or its parent is at fault. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set(['refused', 'forbidden', 'not_found', 'conflict'])
/** A proxy's page in the place of an answer passes, too. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'server_error',
  'rate_limited',
  'unreachable',
  'not_protocol',
])
const REQUEST_TIMEOUT = 408
const INTERNAL_ERROR = 500

/** How often the server has failed over this one entry while it answered other calls. */
export interface Tries {
  readonly failed: number
  /** So often at most. */
  readonly attempts: number
}

/**
 * What becomes of an entry after its send failed:
 * - `dead`: it goes to the dead letters.
 * - `hold`: it is tried again after a wait, and what is behind it waits, too.
 * - `end`: the fault is not of this entry: the relay ends.
 */
export type AfterFailure = 'dead' | 'hold' | 'end'

/** Decides it. Pure. */
export function afterFailure({code, status}: VezaError, {failed, attempts}: Tries): AfterFailure {
  if (status === REQUEST_TIMEOUT) return 'hold'
  if (HOPELESS.has(code)) return 'dead'
  if (status === INTERNAL_ERROR && failed >= attempts) return 'dead'
  return PASSING.has(code) ? 'hold' : 'end'
}
