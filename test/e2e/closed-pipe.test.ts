import {beforeAll, describe, expect, it} from 'vitest'
import {type Home, type Running, startProcess, VEZA} from '../support/veza.js'
import {type Rest, restAs} from './kit/rest.js'
import {homeAt, sharedSandbox} from './kit/sandbox.js'

const sandbox = sharedSandbox()
let rest: Rest

beforeAll(async () => {
  rest = await restAs(sandbox.url)
  await rest.fill(
    1,
    Array.from({length: 1000}, (_, index) => `message ${index} ${'x'.repeat(200)}`),
  )
  for (let index = 0; index < 120; index++) {
    await rest.post('/rooms', {name: `room-${index}`, description: 'y'.repeat(400), is_public: true})
  }
})

/** `veza ... | reader` in a real shell, which then tells three codes: of the pipe, of veza and of the reader. */
function pipeTo(reader: string, home: Home, args: readonly string[]): Running {
  const words = [...VEZA, ...args].map(word => `'${word}'`).join(' ')
  const script = `set -o pipefail; ${words} | ${reader}; codes=($? \${PIPESTATUS[@]}); echo "ended \${codes[*]}"`
  return startProcess('bash', ['-c', script], home.env)
}

async function expectQuietEnd(running: Running, firstLine: RegExp): Promise<string> {
  await running.sees('stdout', firstLine)
  const startMs = performance.now()
  const {stdout, stderr} = await running.ended
  expect(stdout).toMatch(/^ended 0 0 0$/m)
  expect(performance.now() - startMs).toBeLessThan(1000)
  expect(stderr).not.toMatch(/EPIPE|error/i)
  return stderr
}

describe('a reader that goes away ends a command with 0 within a second', () => {
  it.each([
    ['messages list --all', ['messages', 'list', '1', '--all'], /message 999/],
    ['messages list --all --json', ['messages', 'list', '1', '--all', '--json'], /message 999/],
    ['rooms list --all', ['rooms', 'list', '--all'], /general/],
    ['rooms list --all --json', ['rooms', 'list', '--all', '--json'], /general/],
  ])('%s', async (_name, args, firstLine) => {
    const home = homeAt(sandbox.url)
    expect(await expectQuietEnd(pipeTo('head -1', home, args), firstLine)).toBe('')
  })

  it('messages list whose reader reads nothing at all', async () => {
    const home = homeAt(sandbox.url)
    const running = pipeTo('true', home, ['messages', 'list', '1', '--all'])
    expect(await running.ended).toMatchObject({stdout: 'ended 0 0 0\n', stderr: ''})
  })

  it('an idle messages tail', async () => {
    const home = homeAt(sandbox.url)
    const running = pipeTo('head -1', home, ['messages', 'tail', '1', '--last', '1'])
    await expectQuietEnd(running, /message 999/)
  })

  it('a messages tail in the middle of a long history', async () => {
    const home = homeAt(sandbox.url)
    const running = pipeTo('head -1', home, ['messages', 'tail', '1', '--last', '1000', '--json'])
    await expectQuietEnd(running, /message 0 /)
  })

  it('a busy messages tail', async () => {
    const home = homeAt(sandbox.url)
    const room = (
      (await (await rest.post('/rooms', {name: 'busy', is_public: true})).json()) as {data: {id: number}}
    ).data.id
    const running = pipeTo('head -1', home, ['messages', 'tail', `${room}`, '--json'])
    await running.sees('stderr', 'ready: ')
    const flood = rest.fill(
      room,
      Array.from({length: 200}, (_, index) => `flood ${index}`),
    )
    await expectQuietEnd(running, /flood \d/)
    await flood
  })
})
