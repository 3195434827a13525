import {separatedLine} from '../formats/cell.js'
import {sanitizeLine} from '../sanitize.js'
import type {Column, View} from './view.js'

/** Why a change was not made. */
export interface ChangeError {
  readonly code: string
  readonly message: string
  /** HTTP status of the answer that caused it. */
  readonly status?: number | undefined
  readonly server_code?: string | undefined
}

/** What is to become, or became, of one member of a room. */
export interface MemberChange {
  /** The line of the file that asked for it. */
  readonly line?: number | undefined
  readonly room_id: number
  readonly user_id: number
  readonly username: string
  readonly action: 'add' | 'remove' | 'set_role'
  /** The role that the user has then; of one removed, or not changed, the role as far as it is known. */
  readonly role?: string | undefined
  /** The role before, where it is another one and known. */
  readonly previous_role?: string | undefined
  /**
   * `planned`: nothing is done yet. `unchanged`: it was so already. `unknown`: the answer is missing, so it may have been done.
   * `not_done`: an earlier one failed.
   */
  readonly outcome: 'planned' | 'done' | 'unchanged' | 'failed' | 'unknown' | 'not_done'
  readonly error?: ChangeError | undefined
}

const username: Column<MemberChange> = {header: 'username', value: change => change.username}
const action: Column<MemberChange> = {header: 'action', value: change => change.action}
const role: Column<MemberChange> = {header: 'role', value: change => change.role}
const outcome: Column<MemberChange> = {header: 'outcome', value: change => change.outcome}
const columns = [username, action, role, outcome]

const jsonFields = [
  ...['line', 'room_id', 'user_id', 'username', 'action'],
  ...['role', 'previous_role', 'outcome', 'error'],
]

/** A change of a room's members. Its line in a stream: a sentence at a terminal, the columns in a pipe. */
export const memberChangeView: View<MemberChange> = {
  columns,
  fields: [{header: 'room', value: change => change.room_id}, username, role, outcome],
  jsonFields,
  line: (change, context) => {
    if (!context.isTTY) return separatedLine(columns, change, context).slice(0, -1)
    const {style} = context
    const paint = {done: style.green, unchanged: style.dim, failed: style.red, unknown: style.yellow}
    const text = sanitizeLine(changeSentence(change))
    const painter = Object.entries(paint).find(([name]) => name === change.outcome)?.[1]
    return painter === undefined ? text : painter(text)
  },
}

/** A change in words, such as `added bob as moderator`. Not sanitised. */
export function changeSentence(change: MemberChange): string {
  const {username: user, outcome: became, error} = change
  if (became === 'planned') return `to ${verbs(change)[0]}`
  if (became === 'done') return verbs(change)[1]
  if (became === 'unchanged') return `unchanged: ${user} ${stateOf(change)}`
  if (became === 'not_done') return `not done: ${verbs(change)[0]}`
  return `${became}: ${verbs(change)[0]}${error === undefined ? '' : `: ${error.message}`}`
}

function verbs({
  action: kind,
  username: user,
  role: now,
  previous_role: before,
}: MemberChange): [string, string] {
  const as = now === undefined ? '' : ` as ${now}`
  if (kind === 'add') return [`add ${user}${as}`, `added ${user}${as}`]
  if (kind === 'remove') return [`remove ${user}${was(now)}`, `removed ${user}${was(now)}`]
  return [`make ${user} ${now ?? ''}${was(before)}`, `made ${user} ${now ?? ''}${was(before)}`]
}

function was(name: string | undefined): string {
  return name === undefined ? '' : ` (was ${name})`
}

function stateOf({action: kind, role: now}: MemberChange): string {
  if (kind === 'remove') return 'is not in the room'
  return kind === 'set_role' || now !== undefined ? `is ${now ?? ''} already` : 'is in the room already'
}
