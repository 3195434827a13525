import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Fault} from './outbox-types.js'

/**
 * What a failure means for a message that is to be kept until it is sent:
 * - `passing`: the same message may be sent later.
 * - `refusal`: the server does not take it; to try again would not help.
 * - `end`: nothing about the message: nobody is signed in, or the command is ended.
 */
export type FailureKind = 'passing' | 'refusal' | 'end'

/** A proxy's page instead of an answer (`not_protocol`) passes, too. */
const PASSING: readonly ErrorCode[] = ['server_error', 'rate_limited', 'unreachable', 'not_protocol']
const REFUSALS: readonly ErrorCode[] = ['refused', 'file_too_large', 'not_found', 'conflict', 'forbidden']

/** Of which kind a failure is. */
export function failureKind({code, status}: VezaError): FailureKind {
  if (PASSING.includes(code)) return 'passing'
  // A status without a code of its own, such as 418.
  return REFUSALS.includes(code) || (code === 'failed' && status !== undefined) ? 'refusal' : 'end'
}

/** Of a failure, what is kept. */
export function faultOf({code, message}: VezaError): Fault {
  return {code, message}
}

/** Why it is not known whether a message has arrived. */
export function doubtOf(cause: unknown): VezaError {
  return cause instanceof VezaError
    ? cause
    : new VezaError('unreachable', 'whether the message has arrived is not known', {cause})
}
