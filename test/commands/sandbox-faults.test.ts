import {expect, test} from 'vitest'
import {FAULT_KINDS} from '../../src/sandbox/faults/spec.js'
import {signIn} from '../support/chat.js'
import {makeHome} from '../support/veza.js'

/** Starts `veza sandbox` on a free port; resolves once it is live, to its address and what it said until then. */
async function start(...args: string[]) {
  const running = makeHome().start(['sandbox', '--port', '0', ...args])
  const told = await running.sees('stderr', /^ready: \S+\n/m)
  return {...running, told, url: /^ready: (\S+)$/m.exec(told)?.[1] ?? ''}
}

/** Statuses of so many calls to /health, 0 where there was no answer. */
async function health(url: string, count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let calls = 0; calls < count; calls += 1) {
    const status = await fetch(`${url}/health`).then(
      answer => answer.status,
      () => 0,
    )
    statuses.push(status)
  }
  return statuses
}

const POST = {method: 'POST', headers: {'content-type': 'application/json'}}

test('--fault arms, more than one in their order, and says so with the seed', async () => {
  const {url, told} = await start('--fault', 'html:count=2', '--fault', 'reset_before', '--fault-seed', '7')
  expect(told).toContain('\nfaults: html:count=2 reset_before; --fault-seed 7 repeats them\n')
  expect(await health(url, 4)).toEqual([502, 503, 0, 200])
})

test('the same --fault-seed gives the same faults again; without one it is said', async () => {
  const fault = ['--fault', 'html:ratio=0.3', '--fault', 'reset_before:ratio=0.3']
  const first = await start(...fault)
  const seed = /--fault-seed (\d+) repeats them/.exec(first.told)?.[1] ?? ''
  const again = await start(...fault, '--fault-seed', seed)
  expect(await health(again.url, 30)).toEqual(await health(first.url, 30))
})

test('a command meets the fault that was armed for it', async () => {
  const {url} = await start('--fault', 'html:count=1:method=GET:path=/rooms')
  const token = await signIn(url, 'alice')
  const env = {VEZA_SERVER: url, VEZA_TOKEN: token}
  const failed = await makeHome(env).run(['rooms', 'list', '--json', '--retries', '0'])
  expect({code: failed.code, stdout: failed.stdout}).toEqual({code: 1, stdout: ''})
  expect(JSON.parse(failed.stderr)).toMatchObject({error: {status: 502}})
  expect((await makeHome(env).run(['rooms', 'list', '--json'])).code).toBe(0)
})

test('--control opens the route, which is not there otherwise', async () => {
  const [open, shut] = await Promise.all([start('--control'), start()])
  expect((await fetch(`${shut.url}/sandbox/faults`)).status).toBe(404)
  const armed = await fetch(`${open.url}/sandbox/faults`, {...POST, body: '{"kind":"html","count":2}'})
  expect([armed.status, await armed.json()]).toEqual([202, {kind: 'html', count: 2}])
  expect(await health(open.url, 1)).toEqual([502])
  const state = await fetch(`${open.url}/sandbox/faults`, {method: 'DELETE'})
  expect(await state.json()).toMatchObject({armed: [], counts: {html: 1}})
  expect(await health(open.url, 1)).toEqual([200])
})

test('a fault that lasts does not keep Ctrl-C waiting', async () => {
  const {url, child, ended} = await start('--fault', 'hang:for=1h', '--control')
  const hanging = fetch(`${url}/health`).then(
    () => 'answered',
    () => 'cut',
  )
  for (let hangs = 0; hangs === 0; ) {
    const state = (await (await fetch(`${url}/sandbox/faults`)).json()) as {counts: {hang: number}}
    hangs = state.counts.hang
  }
  const begunAt = performance.now()
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  expect(performance.now() - begunAt).toBeLessThan(4_000)
  expect(await hanging).toBe('cut')
})

test('--json has its address on stdout, as without faults', async () => {
  const {url, ended, child} = await start('--json', '--fault', 'html')
  child.kill('SIGTERM')
  expect(JSON.parse((await ended).stdout)).toEqual({url, port: Number(new URL(url).port)})
})

test.each([
  ['dorp', `--fault: there is no fault "dorp"; the kinds are ${FAULT_KINDS.join(', ')}`],
  ['hang:for=soon', '--fault: for wants a duration above 0, such as 250ms, 5s or 2m'],
  ['hang:room=1', '--fault: hang takes no room, only count, ratio, method, path, for'],
  ['hang,count=3', '--fault: there is no fault "hang,count=3"; the kinds are'],
  ['drop', 'drop strikes at once, and at the start nobody is connected'],
])('--fault %s is a one-line error, 2, that says what is wrong', async (fault, message) => {
  const run = await makeHome().run(['sandbox', '--port', '0', '--fault', fault])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(run.stderr).toContain(message)
})

test('a seed that is no number is a one-line error, 2', async () => {
  const run = await makeHome().run(['sandbox', '--port', '0', '--fault-seed', 'x'])
  expect(run.stderr).toBe('error: --fault-seed wants a whole number from 0 to 4294967295\n')
  expect(run.code).toBe(2)
})
