import {MEMBER_ROLES, type MemberRole} from '../../api/room-members.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Reference} from '../args.js'

/** One member as the command line or a file names him. */
export interface MemberRow {
  /** Of the file, from 1; undefined for an argument. */
  readonly line: number | undefined
  readonly user: Reference
  /** Undefined where the row names none. */
  readonly role: MemberRole | undefined
}

/** Why a row cannot be done. */
export interface Problem {
  readonly line: number | undefined
  readonly error: VezaError
}

/** Of many problems so many are told. */
const TOLD = 5

/** The role that a text names, in any case; undefined where it names none. */
export function parseRole(text: string): MemberRole | undefined {
  return MEMBER_ROLES.find(role => role === text.trim().toLowerCase())
}

/**
 * Throws where there are problems, so that nothing is done at all: `usage` for those of a file, each with its line; the error
 * itself for one of the arguments.
 */
export function refuse(problems: readonly Problem[]): void {
  const [first] = problems
  if (first === undefined) return
  const told = problems
    .slice(0, TOLD)
    .map(({line, error}) => (line === undefined ? error.message : `line ${line}: ${error.message}`))
  const rest = problems.length - told.length
  const message = `${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
  const code = first.line === undefined ? first.error.code : 'usage'
  const {hint} = first.error
  const nothing = 'nothing was changed'
  throw new VezaError(code, message, {hint: hint === undefined ? nothing : `${hint}; ${nothing}`})
}
