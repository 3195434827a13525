import type {Api} from '../../api/index.js'
import type {MemberRole} from '../../api/room-members.js'
import {VezaError} from '../../errors/veza-error.js'
import type {MemberChange} from '../../output/views/member-change.js'
import {admit, expel, type Membership} from './membership.js'
import {parseRole} from './rows.js'

/** How the changes are made and shown. */
export interface ApplyOptions {
  readonly rooms: Api['rooms']
  readonly signal: AbortSignal
  /** See `admit`. */
  readonly isListed: boolean
  /** Gets every change in order with what became of it. */
  show(change: MemberChange): Promise<void> | undefined
}

/** Where it ended early. */
export interface Failure {
  readonly change: MemberChange
  readonly error: VezaError
}

/**
 * Makes planned changes one after the other until one fails; those behind it are `not_done`.
 * @returns the failure, or undefined. Rejects with what is no VezaError, and what `show` rejects with.
 */
export async function applyChanges(
  changes: readonly MemberChange[],
  options: ApplyOptions,
): Promise<Failure | undefined> {
  const {signal, show} = options
  let failure: Failure | undefined
  for (const change of changes) {
    if (change.outcome !== 'planned') await show(change)
    else if (failure !== undefined || signal.aborted) await show({...change, outcome: 'not_done'})
    else {
      const {became, error} = await attempt(change, options)
      if (error !== undefined) failure = {change, error}
      await show(became)
    }
  }
  return failure
}

interface Attempt {
  readonly became: MemberChange
  readonly error?: VezaError
}

async function attempt(change: MemberChange, options: ApplyOptions): Promise<Attempt> {
  try {
    return {became: {...change, ...(await make(change, options))}}
  } catch (cause) {
    if (!(cause instanceof VezaError)) throw cause
    // A request that is left alone under way may have been done.
    const isOpen = options.signal.aborted || cause.mayHaveActed
    const {code, message, status, serverCode} = cause
    const reason = {code, message, status, server_code: serverCode}
    return {became: {...change, outcome: isOpen ? 'unknown' : 'failed', error: reason}, error: cause}
  }
}

async function make(change: MemberChange, {rooms, isListed}: ApplyOptions): Promise<Membership> {
  const {action, room_id: roomId, user_id: id} = change
  const role: MemberRole = parseRole(change.role ?? '') ?? 'member'
  if (action === 'add') return admit(rooms, roomId, {id, role, isListed})
  if (action === 'remove') return expel(rooms, roomId, id)
  await rooms.setRole(roomId, id, role)
  return {outcome: 'done'}
}
