import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import {printable} from '../../http/printable.js'
import type {Closure} from '../connection/connection.js'
import {
  CLOSE_RULES,
  type CloseRule,
  ERROR_POLICIES,
  FRAME_LIMIT,
  type Policy,
  UNKNOWN_CLOSE,
} from './close-rules.js'

/** The registered close code of a refused token. */
const UNAUTHORIZED = 3000

/** An end: what happened, and what it means for the next attempt. */
export interface Ending {
  /** A `VezaError`, or whatever else was thrown: that is a bug and final. */
  readonly error: unknown
  readonly policy: Policy
  /** Where the server closed the connection, its code. */
  readonly closeCode?: number
}

/** The end that an error is. */
export function endingOfError(error: unknown): Ending {
  return {error, policy: error instanceof VezaError ? ERROR_POLICIES[error.code].policy : 'final'}
}

/** The end that a closed connection is. What our side knows about it counts more than the code. */
export function endingOfClosure(closure: Closure): Ending {
  if (closure.error !== undefined) return endingOfError(closure.error)
  const {error, policy, meaning} = ruleOf(closure)
  const words = closure.reason === '' ? '' : `: ${printable(closure.reason, 123)}`
  const message = `the server closed the connection (${closure.code} ${meaning})${words}`
  return {error: new VezaError(error, message), policy, closeCode: closure.code}
}

/** 1008 is the code for all that a server does not want; its words tell whether a new token may help. */
function ruleOf({code, reason}: Closure): CloseRule {
  const isAboutToken = code === 1008 && /token|auth/i.test(reason)
  return CLOSE_RULES[isAboutToken ? UNAUTHORIZED : code] ?? UNKNOWN_CLOSE
}

/** A line of the table of close codes, for people. */
export interface CloseCodeRow {
  /** A close code, or what takes its place. */
  readonly code: string
  readonly meaning: string
  readonly policy: Policy
  readonly why: string
}

/** What each close code means for the next attempt, and why: the table that documents and code share. */
export function closeCodeTable(): readonly CloseCodeRow[] {
  const known = Object.entries(CLOSE_RULES).map(([code, rule]) => row(code, rule))
  return [...known, row('any other', UNKNOWN_CLOSE), row('1009, sent by us', FRAME_LIMIT)]
}

/** A line of the table of errors, for people. */
export interface ErrorPolicyRow {
  readonly code: ErrorCode
  readonly policy: Policy
  readonly why: string
}

/** What each error means for the next attempt, and why. */
export function errorPolicyTable(): readonly ErrorPolicyRow[] {
  return Object.entries(ERROR_POLICIES).map(([code, rule]) => ({code: code as ErrorCode, ...rule}))
}

function row(code: string, {meaning, policy, why}: Omit<CloseCodeRow, 'code'>): CloseCodeRow {
  return {code, meaning, policy, why}
}
