import type {MemberRole} from '../../api/room-members.js'
import {VezaError} from '../../errors/veza-error.js'
import {throwIfAborted} from '../../http/abort.js'
import type {Io} from '../../output/io.js'
import {type MemberChange, memberChangeView} from '../../output/views/member-change.js'
import type {Reference} from '../args.js'
import {confirm} from '../confirm.js'
import type {Context} from '../context.js'
import {applyChanges} from './apply.js'
import {readMemberFile} from './member-file.js'
import {type Plan, planChanges} from './plan.js'
import {failureError, planLines, question, Tally} from './report.js'
import {resolveRows} from './resolve.js'
import {readRoster} from './roster.js'
import {type MemberRow, refuse} from './rows.js'

/** To find so many users takes a while. */
const MANY_ROWS = 200

/** What the command line asks for. */
export interface MembersRequest {
  readonly action: MemberChange['action']
  readonly room: Reference
  readonly users: readonly Reference[]
  /** A file with users, `-` for stdin. */
  readonly from: string | undefined
  /** For those whose row names none. */
  readonly role: MemberRole | undefined
  readonly dryRun: boolean
  /** Do not ask. */
  readonly yes: boolean
}

/**
 * Changes the members of a room: checks every row, finds every user, and only then makes one change after the other, each with
 * a record. Of many the plan is told first, and confirmed where somebody loses something.
 * @throws {VezaError} `usage` for bad rows, before anything is done; as `confirm`; the first failure, with what was done.
 */
export async function changeMembers(context: Context, io: Io, request: MembersRequest): Promise<void> {
  const {action, users, from, yes, dryRun} = request
  context.out.check(memberChangeView)
  const rows = await rowsOf(context, io, request)
  const {changes, isListed} = await planOf(context, request, rows)
  const isMany = from !== undefined || users.length > 1
  const room = 'id' in request.room ? `room ${request.room.id}` : `#${request.room.name}`
  const planned = changes.filter(change => change.outcome === 'planned').length
  if (dryRun) {
    for (const change of changes) await context.out.record(change, memberChangeView)
    return
  }
  if (isMany && context.out.speaks)
    for (const line of planLines(changes, action, room)) context.out.notice(line)
  if (isMany && action !== 'add' && planned > 0)
    await confirm(context, io, question(planned, action, room), yes)
  await apply(context, {changes, action, isMany, isListed})
}

/** The rows of the file or the arguments. */
async function rowsOf(context: Context, io: Io, request: MembersRequest): Promise<readonly MemberRow[]> {
  const {users, from, action, role} = request
  if (users.length > 0 === (from !== undefined)) {
    throw new VezaError(
      'usage',
      from === undefined ? 'missing argument USER' : 'USER does not go with --from',
      {
        hint: 'name the users as arguments, or a file with --from',
      },
    )
  }
  if (from === undefined) {
    if (action === 'set_role' && role === undefined) throw new VezaError('usage', '--role is missing')
    return users.map(user => ({line: undefined, user, role: undefined}))
  }
  const {rows, problems} = await readMemberFile(from, io.stdin, context.signal)
  refuse(problems)
  return rows
}

async function planOf(
  context: Context,
  request: MembersRequest,
  rows: readonly MemberRow[],
): Promise<Plan & {readonly isListed: boolean}> {
  const {action, role} = request
  const {rooms, users} = context.api
  const roomId = await context.roomId(request.room)
  const roster = await readRoster(rooms, roomId)
  if (rows.length > MANY_ROWS && context.out.speaks) context.out.notice(`looking up ${rows.length} users`)
  const {found, problems: unknown} = await resolveRows(rows, roster, users)
  const plan = planChanges(found, {action, roomId, roster, role})
  refuse([...unknown, ...plan.problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)))
  return {...plan, isListed: roster.isComplete}
}

interface Work {
  readonly changes: readonly MemberChange[]
  readonly action: MemberChange['action']
  readonly isMany: boolean
  /** See `admit`. */
  readonly isListed: boolean
}

async function apply({api, out, signal}: Context, {changes, action, isMany, isListed}: Work): Promise<void> {
  const tally = new Tally()
  const failure = await applyChanges(changes, {
    rooms: api.rooms,
    signal,
    isListed,
    show: change => {
      tally.add(change)
      // One that failed alone has its error.
      return isMany || change.error === undefined ? out.record(change, memberChangeView) : undefined
    },
  })
  const done = tally.inWords(action)
  if (signal.aborted && isMany) out.notice(`ended early: ${done}`)
  throwIfAborted(signal)
  if (failure !== undefined) throw isMany ? failureError(failure, done) : failure.error
  if (isMany && out.speaks) out.notice(done)
}
