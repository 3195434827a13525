import {describe, expect, test} from 'vitest'
import {DIALECTS, RFC_3339, recordsOf, signIn, useChat} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {startProcess, VEZA} from '../../support/veza.js'

describe.each(DIALECTS)('presence watch, %s', dialect => {
  const chat = useChat({dialect})
  const set = (status: string, user: 'alice' | 'bob' = 'bob') => chat[user].run(['presence', 'set', status])

  test('records until the count is full, with when they came', async () => {
    const watch = chat.alice.start(['presence', 'watch', '--count', '2', '--json'])
    await watch.sees('stderr', 'ready: listening to presence\n')
    await set('busy')
    await set('away')
    const run = await watch.ended
    expect(run.code).toBe(0)
    expect(recordsOf(run)).toEqual(
      ['busy', 'away'].map(status => ({
        user_id: 3,
        username: 'bob',
        status,
        message: '',
        last_seen: expect.stringMatching(RFC_3339),
        current_room: null,
        at: expect.stringMatching(RFC_3339),
      })),
    )
    expect(run.stderr).toMatch(/\nended: done; 2 changes; \d+\.\d s\n$/)
  })

  test('--user leaves out the others, by name, id and me', async () => {
    const token = await signIn(chat.url, 'bot')
    const watch = chat.alice.start(['presence', 'watch', '--user', '@bob,me', '--user', '1', '--count', '1'])
    await watch.sees('stderr', 'ready: ')
    await chat.bob.run(['presence', 'set', 'away'], {env: {VEZA_TOKEN: token}})
    await set('busy')
    const {code, stdout} = await watch.ended
    expect({code, stdout}).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^${RFC_3339.source}\tbob\tbusy\t\n$`)),
    })
  })

  test('a user that is not there is 7', async () => {
    expect((await chat.alice.run(['presence', 'watch', '--user', 'nobody'])).code).toBe(7)
  })

  test('--timeout ends it with 124, a signal with 130', async () => {
    const run = await chat.alice.run(['presence', 'watch', '--timeout', '1ms'])
    expect(run.code).toBe(124)
    const watch = chat.alice.start(['presence', 'watch', '--json'])
    await watch.sees('stderr', 'ready: ')
    watch.child.kill('SIGINT')
    expect((await watch.ended).code).toBe(130)
  })

  test('a reader that goes away ends it with 0', async () => {
    const command = `${VEZA.map(word => `'${word}'`).join(' ')} presence watch --json | head -n 1; echo "\${PIPESTATUS[0]}"`
    const running = startProcess('bash', ['-c', command], chat.alice.env)
    await running.sees('stderr', 'ready: ')
    await set('busy')
    expect((await running.ended).stdout).toMatch(/^\{"user_id":3,.*\}\n0\n$/)
  })

  test('a person sees a line each', async () => {
    const command = [...VEZA, 'presence', 'watch', '--count', '1'].map(word => `'${word}'`).join(' ')
    const terminal = {TERM: 'xterm-256color', ...chat.alice.env}
    const watch = startProcess('script', ['-qec', command, '/dev/null'], terminal)
    await watch.sees('stdout', 'ready: ')
    await set('busy')
    expect((await watch.ended).stdout).toMatch(/\d\d:\d\d:\d\d\S* .*bob\S* is busy\r\n/)
  })
})

test('goes on after the connection broke', async () => {
  const sandbox = await openSandbox({control: true})
  const watch = homeOf(sandbox).start(['presence', 'watch', '--count', '1', '--json'])
  await watch.sees('stderr', 'ready: ')
  const headers = {'content-type': 'application/json'}
  const body = JSON.stringify({kind: 'drop'})
  const armed = await fetch(`${sandbox.url}/sandbox/faults`, {method: 'POST', headers, body})
  expect(armed.status).toBeLessThan(300)
  await watch.sees('stderr', 'reconnected after')
  expect((await homeOf(sandbox, 'bob').run(['presence', 'set', 'busy'])).code).toBe(0)
  expect(recordsOf(await watch.ended)).toMatchObject([{username: 'bob', status: 'busy'}])
})
