import type {Member} from '../../../contract/resources.js'
import type {MemberRole} from '../../api/room-members.js'
import {VezaError} from '../../errors/veza-error.js'
import {printable} from '../../http/printable.js'
import type {MemberChange} from '../../output/views/member-change.js'
import type {ResolvedRow} from './resolve.js'
import type {Roster} from './roster.js'
import type {Problem} from './rows.js'

/** What is to be done with the users. */
export interface PlanOptions {
  readonly action: MemberChange['action']
  readonly roomId: number
  readonly roster: Roster
  /** For rows that name no role. */
  readonly role: MemberRole | undefined
}

/** The changes in the order of the rows, those that are not needed too, and the rows that cannot be done. */
export interface Plan {
  readonly changes: readonly MemberChange[]
  readonly problems: readonly Problem[]
}

/**
 * Says what each row means for the room as it is now. Problems are: a user named twice, no role to set, the role of somebody who
 * is no member, and a member to be added with another role than he has: that would be a change nobody asked for.
 */
export function planChanges(rows: readonly ResolvedRow[], options: PlanOptions): Plan {
  const changes: MemberChange[] = []
  const problems: Problem[] = []
  const seen = new Map<number, number | undefined>()
  for (const resolved of rows) {
    const {row, user} = resolved
    const {line} = row
    const result = seen.has(user.id) ? twice(resolved, seen.get(user.id)) : changeOf(resolved, options)
    if (result instanceof VezaError) problems.push({line, error: result})
    else changes.push(result)
    if (!seen.has(user.id)) seen.set(user.id, line)
  }
  return {changes, problems}
}

function twice({user}: ResolvedRow, before: number | undefined): VezaError {
  const where = before === undefined ? '' : `, first in line ${before}`
  return new VezaError('usage', `${nameOf(user)} is named twice${where}`)
}

function changeOf(
  {row, user}: ResolvedRow,
  {action, roomId, roster, role}: PlanOptions,
): MemberChange | VezaError {
  const state: State = {
    base: {
      ...(row.line === undefined ? {} : {line: row.line}),
      room_id: roomId,
      user_id: user.id,
      username: user.username,
      action,
    },
    member: roster.byId(user.id),
    isStranger: roster.isComplete && roster.byId(user.id) === undefined,
    role: row.role ?? role,
  }
  return {add: addition, remove: removal, set_role: roleChange}[action](state)
}

/** A user as he is in the room, and what is wanted of him. */
interface State {
  readonly base: Omit<MemberChange, 'outcome'>
  /** Undefined where he is none, or is not listed. */
  readonly member: Member | undefined
  /** He is certainly no member. */
  readonly isStranger: boolean
  readonly role: MemberRole | undefined
}

function addition({base, member, role}: State): MemberChange | VezaError {
  if (member === undefined) return {...base, role: role ?? 'member', outcome: 'planned'}
  if (role === undefined || member.role === undefined || member.role === role)
    return {...base, ...roleOf(member), outcome: 'unchanged'}
  return new VezaError(
    'conflict',
    `${nameOf(member)} is in the room already, as ${printable(member.role, 40)}`,
    {
      hint: 'veza rooms members set-role changes roles',
    },
  )
}

function removal({base, member, isStranger}: State): MemberChange {
  return {...base, ...roleOf(member), outcome: isStranger ? 'unchanged' : 'planned'}
}

function roleChange({base, member, isStranger, role}: State): MemberChange | VezaError {
  if (role === undefined)
    return new VezaError('usage', `${nameOf(base)} gets no role`, {hint: 'give it with --role'})
  if (isStranger)
    return new VezaError('not_found', `${nameOf(base)} is no member of the room`, {
      hint: 'veza rooms members add brings users in',
    })
  if (member?.role === role) return {...base, role, outcome: 'unchanged'}
  const before = member?.role === undefined ? {} : {previous_role: member.role}
  return {...base, role, ...before, outcome: 'planned'}
}

function roleOf(member: Member | undefined): {readonly role?: string} {
  return member?.role === undefined ? {} : {role: member.role}
}

function nameOf({username}: {readonly username: string}): string {
  return printable(username, 60)
}
