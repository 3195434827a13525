import type {Api} from '../../api/index.js'
import {VezaError} from '../../errors/veza-error.js'
import {mapSome} from './map-some.js'
import type {Roster} from './roster.js'
import type {MemberRow, Problem} from './rows.js'

/** A row and the user it means. */
export interface ResolvedRow {
  readonly row: MemberRow
  readonly user: {readonly id: number; readonly username: string}
}

/** Enough to hide the way to the server, few enough for its limits. */
const AT_ONCE = 8

/**
 * Finds the user of each row: among the members, else by asking the server. Users that do not exist come as problems.
 * @throws {VezaError} any other failure.
 */
export async function resolveRows(
  rows: readonly MemberRow[],
  roster: Roster,
  users: Api['users'],
): Promise<{readonly found: readonly ResolvedRow[]; readonly problems: readonly Problem[]}> {
  const results = await mapSome(rows, AT_ONCE, row => resolve(row, roster, users))
  return {
    found: results.filter(result => 'row' in result),
    problems: results.filter(result => 'error' in result),
  }
}

async function resolve(row: MemberRow, roster: Roster, users: Api['users']): Promise<ResolvedRow | Problem> {
  const {user: wanted, line} = row
  try {
    if ('id' in wanted) return {row, user: roster.byId(wanted.id) ?? (await users.get(wanted.id))}
    // No name is that short: the account that is signed in.
    if (wanted.name === 'me') return {row, user: await users.me()}
    return {row, user: roster.byName(wanted.name) ?? (await users.byName(wanted.name))}
  } catch (error) {
    if (!(error instanceof VezaError) || error.code !== 'not_found') throw error
    return {line, error: 'id' in wanted ? unknownId(wanted.id, error) : error}
  }
}

function unknownId(id: number, cause: VezaError): VezaError {
  return new VezaError('not_found', `there is no user ${id}`, {...cause, cause})
}
