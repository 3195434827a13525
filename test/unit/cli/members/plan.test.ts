import {describe, expect, test} from 'vitest'
import {type PlanOptions, planChanges} from '../../../../src/lib/cli/members/plan.js'
import type {ResolvedRow} from '../../../../src/lib/cli/members/resolve.js'
import {Roster} from '../../../../src/lib/cli/members/roster.js'

const members = [
  {id: 1, username: 'ann', role: 'owner'},
  {id: 2, username: 'bob', role: 'member'},
  {id: 3, username: 'eve'},
]

function row(username: string, id: number, more: Partial<ResolvedRow['row']> = {}): ResolvedRow {
  return {row: {line: undefined, user: {name: username}, role: undefined, ...more}, user: {id, username}}
}

const ANN = row('ann', 1)
const BOB = row('bob', 2)
const EVE = row('eve', 3)
const ZOE = row('zoe', 9)

function plan(
  action: PlanOptions['action'],
  rows: readonly ResolvedRow[],
  options: Partial<PlanOptions> = {},
) {
  const roster = new Roster(members, true)
  const {changes, problems} = planChanges(rows, {action, roomId: 5, roster, role: undefined, ...options})
  return {
    changes: changes.map(({username, outcome, role, previous_role}) => [
      username,
      outcome,
      role,
      previous_role,
    ]),
    problems: problems.map(({line, error}) => [line, error.code, error.message]),
  }
}

/** Nobody knows who else is in the room. */
const LARGE = {roster: new Roster(members, false)}

describe('to add', () => {
  test.each([
    ['a stranger becomes a member', ZOE, {}, ['zoe', 'planned', 'member', undefined]],
    ['or what is asked for', ZOE, {role: 'moderator'}, ['zoe', 'planned', 'moderator', undefined]],
    ['a member stays what he is', ANN, {}, ['ann', 'unchanged', 'owner', undefined]],
    ['the same role is no change', BOB, {role: 'member'}, ['bob', 'unchanged', 'member', undefined]],
    ['nor is one that is not known', EVE, {role: 'owner'}, ['eve', 'unchanged', undefined, undefined]],
    ['who is not listed in a large room is tried', ZOE, LARGE, ['zoe', 'planned', 'member', undefined]],
  ] as const)('%s', (_name, resolved, options, change) => {
    expect(plan('add', [resolved], options)).toEqual({changes: [change], problems: []})
  })

  test('the role of the row goes before that of the flag', () => {
    const {changes} = plan('add', [row('zoe', 9, {role: 'owner'})], {role: 'member'})
    expect(changes).toEqual([['zoe', 'planned', 'owner', undefined]])
  })

  test('another role for a member is a conflict', () => {
    expect(plan('add', [row('bob', 2, {role: 'moderator', line: 7})]).problems).toEqual([
      [7, 'conflict', 'bob is in the room already, as member'],
    ])
  })
})

describe('to remove', () => {
  test.each([
    ['a member', BOB, {}, ['bob', 'planned', 'member', undefined]],
    ['a stranger needs nothing', ZOE, {}, ['zoe', 'unchanged', undefined, undefined]],
    ['who is not listed in a large room is tried', ZOE, LARGE, ['zoe', 'planned', undefined, undefined]],
  ] as const)('%s', (_name, resolved, options, change) => {
    expect(plan('remove', [resolved], options)).toEqual({changes: [change], problems: []})
  })
})

describe('to set a role', () => {
  test.each([
    ['of a member', BOB, {role: 'moderator'}, ['bob', 'planned', 'moderator', 'member']],
    ['that he has', BOB, {role: 'member'}, ['bob', 'unchanged', 'member', undefined]],
    ['where the old one is not known', EVE, {role: 'member'}, ['eve', 'planned', 'member', undefined]],
    [
      'of who is not listed in a large room',
      ZOE,
      {role: 'member', ...LARGE},
      ['zoe', 'planned', 'member', undefined],
    ],
  ] as const)('%s', (_name, resolved, options, change) => {
    expect(plan('set_role', [resolved], options)).toEqual({changes: [change], problems: []})
  })

  test.each([
    [ZOE, 'member', 'not_found', 'zoe is no member of the room'],
    [BOB, undefined, 'usage', 'bob gets no role'],
  ] as const)('needs a member and a role: %#', (resolved, role, code, message) => {
    expect(plan('set_role', [resolved], {role}).problems).toEqual([[undefined, code, message]])
  })
})

test('a user is named once, by whatever name', () => {
  const rows = [row('bob', 2, {line: 2}), row('zoe', 9, {line: 3}), row('bob', 2, {line: 4, user: {id: 2}})]
  expect(plan('remove', rows).problems).toEqual([[4, 'usage', 'bob is named twice, first in line 2']])
  expect(plan('remove', [BOB, BOB, BOB]).problems).toHaveLength(2)
})

test('the changes carry room, line and action', () => {
  const roster = new Roster(members, true)
  const options: PlanOptions = {action: 'set_role', roomId: 5, roster, role: 'moderator'}
  expect(planChanges([row('bob', 2, {line: 2})], options).changes).toEqual([
    {
      line: 2,
      room_id: 5,
      user_id: 2,
      username: 'bob',
      action: 'set_role',
      role: 'moderator',
      previous_role: 'member',
      outcome: 'planned',
    },
  ])
})
