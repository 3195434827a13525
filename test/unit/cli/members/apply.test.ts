import {describe, expect, test} from 'vitest'
import {applyChanges} from '../../../../src/lib/cli/members/apply.js'
import {failureError, planLines, question, Tally} from '../../../../src/lib/cli/members/report.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {MemberChange} from '../../../../src/lib/output/views/member-change.js'
import {roomsStub} from './rooms-stub.js'

const change = (id: number, more: Partial<MemberChange> = {}): MemberChange => ({
  line: id,
  room_id: 5,
  user_id: id,
  username: `u${id}`,
  action: 'add',
  role: 'member',
  outcome: 'planned',
  ...more,
})

const FOUR = [change(1), change(2, {outcome: 'unchanged'}), change(3), change(4)]

async function apply(
  changes: readonly MemberChange[],
  answer: (call: string) => VezaError | undefined = () => undefined,
  signal = new AbortController().signal,
) {
  const {rooms, calls} = roomsStub({members: [{id: 9, username: 'u9', role: 'member'}], answer})
  const shown: MemberChange[] = []
  const failure = await applyChanges(changes, {
    rooms,
    signal,
    isListed: true,
    show: record => {
      shown.push(record)
      return undefined
    },
  })
  return {failure, calls, shown, outcomes: shown.map(({outcome}) => outcome)}
}

describe('changes', () => {
  test('are made one after the other, those that are not needed not at all', async () => {
    const {failure, calls, outcomes} = await apply(FOUR)
    expect({failure, calls}).toEqual({
      failure: undefined,
      calls: ['add 1 member', 'add 3 member', 'add 4 member'],
    })
    expect(outcomes).toEqual(['done', 'unchanged', 'done', 'done'])
  })

  test('of each kind make their own call', async () => {
    const {calls, outcomes} = await apply([
      change(1, {role: 'moderator'}),
      change(9, {action: 'set_role', role: 'owner', previous_role: 'member'}),
      change(9, {action: 'remove', role: 'owner'}),
      change(9, {action: 'remove'}),
    ])
    expect(calls).toEqual(['add 1 moderator', 'role 9 owner', 'remove 9', 'remove 9'])
    expect(outcomes).toEqual(['done', 'done', 'done', 'unchanged'])
  })

  test('end at the first failure, and the rest is told as not done', async () => {
    const refused = new VezaError('forbidden', 'no (HTTP 403)', {
      status: 403,
      serverCode: 'PERMISSION_DENIED',
    })
    const {failure, calls, shown, outcomes} = await apply(
      [...FOUR, change(5, {outcome: 'unchanged'})],
      call => (call === 'add 3 member' ? refused : undefined),
    )
    expect(failure).toEqual({change: FOUR[2], error: refused})
    expect(calls).toEqual(['add 1 member', 'add 3 member'])
    expect(outcomes).toEqual(['done', 'unchanged', 'failed', 'not_done', 'unchanged'])
    expect(shown[2]!.error).toEqual({
      code: 'forbidden',
      message: 'no (HTTP 403)',
      status: 403,
      server_code: 'PERMISSION_DENIED',
    })
  })

  test.each([
    new VezaError('unreachable', 'the connection broke').inDoubt(),
    new VezaError('server_error', 'bad gateway').inDoubt(),
  ])('whose answer is missing are unknown: %s', async error => {
    expect((await apply([change(1)], () => error)).outcomes).toEqual(['unknown'])
  })

  test('that were never sent have failed', async () => {
    const error = new VezaError('unreachable', 'connection refused')
    expect((await apply([change(1)], () => error)).outcomes).toEqual(['failed'])
  })

  test('under way at Ctrl-C are unknown, and nothing new is begun', async () => {
    const controller = new AbortController()
    const interrupted = new VezaError('interrupted', 'interrupted')
    const end = (call: string): VezaError | undefined => {
      if (call !== 'add 3 member') return undefined
      controller.abort(interrupted)
      return interrupted
    }
    const {calls, outcomes} = await apply(FOUR, end, controller.signal)
    expect(outcomes).toEqual(['done', 'unchanged', 'unknown', 'not_done'])
    expect(calls).toHaveLength(2)
  })

  test('are not begun at all after a Ctrl-C', async () => {
    const {calls, outcomes} = await apply(FOUR, undefined, AbortSignal.abort())
    expect({calls, outcomes}).toEqual({
      calls: [],
      outcomes: ['not_done', 'unchanged', 'not_done', 'not_done'],
    })
  })

  test('that meet a defect of ours end at once', async () => {
    const defect = new TypeError('x') as unknown as VezaError
    await expect(apply(FOUR, () => defect)).rejects.toBe(defect)
  })
})

describe('in words', () => {
  test('the counts', () => {
    const tally = new Tally()
    for (const outcome of ['done', 'done', 'unchanged', 'unknown', 'not_done'] as const)
      tally.add(change(1, {outcome}))
    expect(tally.inWords('remove')).toBe('2 removed, 1 unchanged, 1 perhaps done, 1 not done')
    expect(new Tally().inWords('set_role')).toBe('0 changed')
  })

  test('a plan, a long one shortened', () => {
    expect(planLines(FOUR, 'add', '#ops')).toEqual([
      'plan for #ops: 3 to add, 1 unchanged',
      '  to add u1 as member',
      '  to add u3 as member',
      '  to add u4 as member',
    ])
    const many = Array.from({length: 25}, (_, index) => change(index + 1))
    const lines = planLines(many, 'add', '#ops')
    expect([lines.length, lines.at(-1)]).toEqual([22, '  and 5 more, all shown by --dry-run'])
  })

  test('the question', () => {
    expect(question(1, 'remove', '#ops')).toBe('remove 1 member from #ops')
    expect(question(3, 'set_role', '#ops')).toBe('change the roles of 3 members of #ops')
  })

  test('the error: where, why, what was done, how to go on', () => {
    const error = new VezaError('forbidden', 'no', {status: 403, hint: 'ask the owner'})
    const told = failureError({change: change(3), error}, '1 added')
    expect(told).toMatchObject({
      code: 'forbidden',
      exitCode: 9,
      status: 403,
      message: 'line 3, u3: no; 1 added',
    })
    expect(told.hint).toBe('ask the owner; the same command again goes on: what is done stays unchanged')
    const argument = failureError(
      {change: change(3, {line: undefined}), error: new VezaError('refused', 'no')},
      'x',
    )
    expect(argument.message).toBe('u3: no; x')
  })
})
