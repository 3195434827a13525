import {closeSync, openSync, truncateSync} from 'node:fs'
import type {Socket} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {atTerminal, type Running} from '../support/veza.js'
import {deafServer} from './kit/deaf-server.js'
import {bareHome, homeAt, sharedSandbox, signIn} from './kit/sandbox.js'
import {LONG_TOKEN, rawServer} from './kit/servers.js'

const sandbox = sharedSandbox()
const withToken = {VEZA_TOKEN: LONG_TOKEN}

/** Sends a signal and expects the end within a second. */
async function expectEnd(
  running: Running,
  signal: NodeJS.Signals,
  code: number,
  says: string,
): Promise<void> {
  const startMs = performance.now()
  running.child.kill(signal)
  expect(await running.ended).toEqual({code, stdout: '', stderr: `error: ${says}\n`})
  expect(performance.now() - startMs).toBeLessThan(1000)
}

describe('a signal while a server does not answer', () => {
  it.each([
    ['rooms list', ['rooms', 'list']],
    ['rooms get', ['rooms', 'get', 'general']],
    ['rooms create', ['rooms', 'create', 'new']],
    ['messages list', ['messages', 'list', '1', '--all']],
    ['messages send', ['messages', 'send', '1', 'x']],
    ['messages tail', ['messages', 'tail', '1']],
    ['dm send', ['dm', 'send', '3', 'x']],
    ['auth status', ['auth', 'status']],
  ])('ends %s: Ctrl-C with 130, SIGTERM with 143, the socket closed', async (_name, args) => {
    for (const [signal, code, says] of [
      ['SIGINT', 130, 'interrupted'],
      ['SIGTERM', 143, 'terminated'],
    ] as const) {
      const server = await rawServer()
      const running = homeAt(server.url, 'alice', withToken).start(args)
      await server.firstData
      await expectEnd(running, signal, code, says)
      await server.allClosed()
    }
  })

  it.each([
    ['auth token', ['auth', 'token']],
    ['rooms list', ['rooms', 'list']],
    ['auth login', ['auth', 'login', '--insecure-storage']],
  ])('ends %s with 130 while it signs in, and nothing is kept', async (_name, args) => {
    const server = await rawServer()
    const home = homeAt(server.url)
    const running = home.start(args)
    await server.firstData
    await expectEnd(running, 'SIGINT', 130, 'interrupted')
    await server.allClosed()
    expect(
      await home.run(['rooms', 'list', '--server', sandbox.url], {env: {VEZA_PASSWORD: ''}}),
    ).toMatchObject({code: 4})
  })

  it('ends auth logout with 130, and the session is still there', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const server = await rawServer()
    const proxied = home.start(['auth', 'logout'], {env: {HTTP_PROXY: server.url}})
    await server.firstData
    await expectEnd(proxied, 'SIGINT', 130, 'interrupted')
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 0})
  })

  it('ends an upload under way with 130', async () => {
    const held = new WeakSet<Socket>()
    const server = await rawServer(undefined, (_data, socket) => {
      if (!held.has(socket)) held.add(socket.pause())
    })
    const home = homeAt(server.url, 'alice', withToken)
    const file = join(home.folder, 'large.bin')
    closeSync(openSync(file, 'w'))
    truncateSync(file, 50 * 1024 * 1024)
    const running = home.start(['files', 'upload', file, '-r', '1'])
    expect(await server.firstData).toMatch(/^POST .*\/files\/upload/)
    await expectEnd(running, 'SIGINT', 130, 'interrupted')
    await server.allClosed()
  })

  it('ends the wait for the next try with 130', async () => {
    const server = await rawServer(undefined, (_data, socket) => {
      socket.end(
        'HTTP/1.1 429 Slow\r\nRetry-After: 50\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}',
      )
    })
    const running = homeAt(server.url, 'alice', withToken).start(['messages', 'send', '1', 'x'])
    await running.sees('stderr', 'waiting 50')
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({
      code: 130,
      stdout: '',
      stderr: expect.stringMatching(/error: interrupted\n$/),
    })
  })
})

describe('a signal while stdin is read', () => {
  it.each([
    ['messages send', ['messages', 'send', '1']],
    ['dm send', ['dm', 'send', 'bob', '-f', '-']],
    ['files upload', ['files', 'upload', '-', '--name', 'x', '-r', '1']],
  ])('ends %s with 130', async (_name, args) => {
    const home = homeAt(sandbox.url)
    const running = home.start(args, {stdin: 'open'})
    await consumed(running, Buffer.alloc(300 * 1024, 'a'))
    await expectEnd(running, 'SIGINT', 130, 'interrupted')
  })
})

/** Resolves when the command has read so much of its stdin that all of `data` has gone into the pipe. */
function consumed(running: Running, data: Buffer): Promise<void> {
  return new Promise(resolve => {
    running.child.stdin.write(data, () => resolve())
  })
}

describe('Ctrl-C at a terminal', () => {
  it.each([
    [
      'the user name',
      ['auth', 'login', '--insecure-storage'],
      'User name',
      {VEZA_USERNAME: '', VEZA_PASSWORD: ''},
    ],
    ['the password', ['auth', 'login', '--insecure-storage'], 'Password', {VEZA_PASSWORD: ''}],
  ])('ends the question for %s with 130', async (_name, args, prompt, env) => {
    const home = homeAt(sandbox.url, 'alice', env)
    const {code, screen} = await atTerminal(home, args, {typing: [{prompt, typed: '\u0003'}]})
    expect(code).toBe(130)
    expect(screen).toMatch(/error: interrupted\n$/)
  })

  it('never shows the password', async () => {
    const home = homeAt(sandbox.url, 'alice', {VEZA_PASSWORD: ''})
    const typing = [{prompt: 'Password', typed: 'alice-pass\r'}]
    const {code, screen} = await atTerminal(home, ['auth', 'login', '--insecure-storage'], {typing})
    expect({code, shown: screen.includes('alice-pass')}).toEqual({code: 0, shown: false})
  })
})

describe('a signal in a long-running command', () => {
  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s ends messages tail with %i and a last line that says so', async (signal, code, says) => {
    const home = homeAt(sandbox.url)
    const running = home.start(['messages', 'tail', '1'])
    await running.sees('stderr', 'ready: ')
    const startMs = performance.now()
    running.child.kill(signal)
    const {stderr, ...ended} = await running.ended
    expect(ended).toEqual({code, stdout: ''})
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      new RegExp(`^ended: ${says}; 0 messages; \\d+\\.\\d s`),
    )
    expect(performance.now() - startMs).toBeLessThan(1000)
  })

  it('ends the sandbox with 130, its last line saying so', async () => {
    const running = homeAt('http://localhost:1').start(['sandbox', '--port', '0'])
    await running.sees('stderr', 'ready: ')
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({
      code: 130,
      stderr: expect.stringMatching(/\nended: interrupted; .+\n$/),
    })
  })

  it('the second Ctrl-C ends a tail at once whose server does not answer its goodbye', async () => {
    const server = await deafServer()
    const running = homeAt(server.url, 'alice', withToken).start(['messages', 'tail', '1'])
    await running.sees('stderr', 'ready: ')
    running.child.kill('SIGINT')
    await server.closeAsked
    const startMs = performance.now()
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    expect(performance.now() - startMs).toBeLessThan(500)
    await server.allClosed()
  })

  it('one Ctrl-C ends that tail, too, within five seconds', async () => {
    const server = await deafServer()
    const running = homeAt(server.url, 'alice', withToken).start(['messages', 'tail', '1'])
    await running.sees('stderr', 'ready: ')
    const startMs = performance.now()
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    expect(performance.now() - startMs).toBeLessThan(5000)
  })
})
