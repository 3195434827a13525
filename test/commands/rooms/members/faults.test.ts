import {execFileSync} from 'node:child_process'
import {open} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {errorOf, recordsOf} from '../../../support/chat.js'
import {enveloped, failure, type HttpStub, httpStub, type StubAnswer} from '../../../support/http-stub.js'
import {type Home, makeHome} from '../../../support/veza.js'

const NAMES = ['ann', 'bob', 'cat', 'dan', 'eve']
const NEVER = new Promise<never>(() => undefined)

/** A server with five users and an empty room 5, where `answer` takes the place of the answer to a change. */
async function serve(
  answer: (change: number, leave: () => void) => StubAnswer | Promise<StubAnswer> | undefined,
): Promise<{home: Home; changes: () => number}> {
  let changes = 0
  let gone = false
  const leave = (): void => {
    gone = true
    void stub[Symbol.asyncDispose]()
  }
  const stub: HttpStub = await httpStub(seen => {
    if (seen.path.endsWith('/users/search')) {
      const name = seen.query.get('q') ?? ''
      return enveloped(NAMES.includes(name) ? [{id: NAMES.indexOf(name) + 1, username: name}] : [])
    }
    if (seen.method === 'GET') return enveloped([])
    changes += 1
    const {user_id} = seen.json() as {user_id: number}
    return answer(changes, leave) ?? enveloped({user_id, username: NAMES[user_id - 1], role: 'member'}, 201)
  })
  onTestFinished(async () => {
    if (!gone) await stub[Symbol.asyncDispose]()
  })
  const home = makeHome({VEZA_SERVER: stub.origin, VEZA_TOKEN: 'opaque', VEZA_RETRIES: '0'})
  return {home, changes: () => changes}
}

const ADD = ['rooms', 'members', 'add', '5', ...NAMES]

const outcomes = (run: {stdout: string}) => recordsOf(run).map(({outcome}) => outcome)

describe('many members, a failure in the middle', () => {
  test('a refusal: what was done, what failed, what was not done', async () => {
    const {home, changes} = await serve(change =>
      change === 3 ? failure(422, 'VALIDATION_FAILED', 'no such luck', {request_id: 'r-1'}) : undefined,
    )
    const run = await home.run([...ADD, '--json'])
    expect([run.code, changes()]).toEqual([3, 3])
    expect(outcomes(run)).toEqual(['done', 'done', 'failed', 'not_done', 'not_done'])
    expect(recordsOf(run)[2]).toMatchObject({
      username: 'cat',
      error: {code: 'refused', status: 422, server_code: 'VALIDATION_FAILED'},
    })
    expect(errorOf(run)).toMatchObject({
      exit_code: 3,
      message: expect.stringMatching(/^cat: no such luck .*; 2 added, 1 failed, 2 not done$/),
    })
  })

  test('the server goes: exit code 6, and the one under way is unknown', async () => {
    const {home} = await serve((change, leave) => {
      if (change < 3) return undefined
      leave()
      return NEVER
    })
    const run = await home.run(ADD)
    expect(run.code).toBe(6)
    expect(run.stdout.split('\n').map(line => line.split('\t')[3])).toEqual([
      ...['done', 'done', 'unknown', 'not_done', 'not_done'],
      undefined,
    ])
    expect(run.stderr).toMatch(
      /\nerror: cat: cannot reach .*; 2 added, 1 perhaps done, 2 not done\nhint: .*again/,
    )
  })

  test('a 5xx of a proxy may have been done', async () => {
    const {home} = await serve(change => (change === 1 ? {status: 502, body: '<html>'} : undefined))
    const run = await home.run([...ADD, '--json'])
    expect([run.code, ...outcomes(run)]).toEqual([1, 'unknown', ...Array(4).fill('not_done')])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s: nothing new is begun, all is accounted for', async (signal, code) => {
    let arrived: () => void
    const waiting = new Promise<void>(resolve => {
      arrived = resolve
    })
    const {home, changes} = await serve(change => {
      if (change < 3) return undefined
      arrived()
      return NEVER
    })
    const running = home.start([...ADD, '--json'])
    await waiting
    running.child.kill(signal)
    const run = await running.ended
    expect([run.code, changes()]).toEqual([code, 3])
    expect(outcomes(run)).toEqual(['done', 'done', 'unknown', 'not_done', 'not_done'])
    expect(run.stderr).toMatch(/^ended early: 2 added, 1 perhaps done, 2 not done\n\{"error"/)
  })

  test('a failed look-up changes nothing', async () => {
    const {home, changes} = await serve(() => undefined)
    const run = await home.run([...ADD, 'zoe', '--json'])
    expect([run.code, run.stdout, changes()]).toEqual([7, '', 0])
  })
})

test('Ctrl-C while a file is read that does not end', async () => {
  const {home, changes} = await serve(() => undefined)
  const pipe = join(home.folder, 'pipe')
  execFileSync('mkfifo', [pipe])
  const running = home.start(['rooms', 'members', 'add', '5', '--from', pipe])
  // Resolves once the command has opened the other end.
  const writer = await open(pipe, 'w')
  onTestFinished(() => writer.close())
  await writer.write('user\nann\n')
  running.child.kill('SIGINT')
  const {code, stdout} = await running.ended
  expect([code, stdout, changes()]).toEqual([130, '', 0])
})
