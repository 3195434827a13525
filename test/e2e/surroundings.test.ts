import {existsSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type Ended, type Home, startProcess, VEZA} from '../support/veza.js'
import {expectErrorJson, expectErrorLines} from './kit/failure.js'
import {contentsOf, homeAt, newRoom, sharedSandbox} from './kit/sandbox.js'

const sandbox = sharedSandbox()

/** Runs `veza ARGS REDIRECTIONS` in a real shell. */
function inShell(home: Home, args: readonly string[], redirections: string): Promise<Ended> {
  const words = [...VEZA, ...args].map(word => `'${word}'`).join(' ')
  return startProcess('bash', ['-c', `${words} ${redirections}`], home.env).ended
}

describe.runIf(existsSync('/dev/full'))('a full disk', () => {
  it.each([
    ['messages list', ['messages', 'list', '1']],
    ['rooms list', ['rooms', 'list']],
  ])('ends %s with 1 and one line', async (_name, args) => {
    const home = homeAt(sandbox.url)
    await home.run(['messages', 'send', '1', 'for the disk'])
    const failure = {exit: 1, code: 'failed', says: /cannot write the output.*ENOSPC/}
    expectErrorLines(await inShell(home, args, '> /dev/full'), failure)
    expectErrorJson(await inShell(home, [...args, '--json'], '> /dev/full'), failure)
  })

  it('ends messages tail with 1, though nothing more comes', async () => {
    const home = homeAt(sandbox.url)
    await home.run(['messages', 'send', '1', 'for the disk'])
    const {code, stderr} = await inShell(home, ['messages', 'tail', '1', '--last', '1'], '> /dev/full')
    expect({code, stderr}).toEqual({
      code: 1,
      stderr: expect.stringMatching(/cannot write the output[^\n]*ENOSPC/),
    })
  })

  it('does not hide that a message was sent', async () => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, 'full disk')
    const {code} = await inShell(home, ['messages', 'send', room, 'sent all the same'], '> /dev/full')
    expect(code).toBe(1)
    expect(await contentsOf(home, room)).toEqual(['sent all the same'])
  })

  it('of stderr changes nothing', async () => {
    const home = homeAt(sandbox.url)
    expect(await inShell(home, ['rooms', 'get', 'nowhere'], '2> /dev/full')).toMatchObject({code: 7})
  })
})

describe('streams that are closed', () => {
  it('stdin: a command that needs none works', async () => {
    const home = homeAt(sandbox.url)
    const {code, stdout, stderr} = await inShell(home, ['rooms', 'list'], '<&-')
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toContain('general')
  })

  it('stdin: a message that was to come from it is refused with 2', async () => {
    const home = homeAt(sandbox.url)
    expectErrorLines(await inShell(home, ['messages', 'send', '1'], '<&-'), {exit: 2, says: /empty|stdin/})
  })

  it('stdin: a message as argument is sent', async () => {
    const home = homeAt(sandbox.url)
    const {code, stderr} = await inShell(home, ['messages', 'send', '1', 'without stdin'], '<&-')
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
  })

  it('stdout: ends quietly with 0, the work done', async () => {
    const home = homeAt(sandbox.url)
    const room = await newRoom(home, 'closed stdout')
    expect(await inShell(home, ['messages', 'send', room, 'x'], '>&-')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    })
    expect(await contentsOf(home, room)).toEqual(['x'])
  })

  it('stderr: the exit code stays', async () => {
    const home = homeAt(sandbox.url)
    expect(await inShell(home, ['rooms', 'get', 'nowhere'], '2>&-')).toMatchObject({code: 7, stdout: ''})
    expect(await inShell(home, ['rooms', 'get', 'general'], '2>&-')).toMatchObject({code: 0})
  })

  it('all: the exit code stays', async () => {
    const home = homeAt(sandbox.url)
    expect(await inShell(home, ['rooms', 'get', 'nowhere'], '<&- >&- 2>&-')).toMatchObject({code: 7})
  })
})

describe('an environment with little in it', () => {
  /** Below a file there can be no folder, whoever makes it. */
  const NOWHERE = join(import.meta.filename, 'home')
  const bare = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    PATH: process.env.PATH,
    VEZA_SERVER: sandbox.url,
    VEZA_USERNAME: 'alice',
    VEZA_PASSWORD: 'alice-pass',
    ...env,
  })
  const run = (env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> =>
    startProcess(VEZA[0]!, [VEZA[1]!, ...args], bare(env)).ended

  it.each<readonly [string, NodeJS.ProcessEnv]>([
    ['no HOME', {}],
    ['no HOME and a cache folder that cannot be', {XDG_CACHE_HOME: NOWHERE}],
    ['a HOME that cannot be', {HOME: NOWHERE}],
    ['a cache folder that is a device', {HOME: NOWHERE, XDG_CACHE_HOME: '/dev/null'}],
    [
      'variables that are set to nothing',
      {HOME: '', XDG_CONFIG_HOME: '', VEZA_TIMEOUT: '', VEZA_CA: '', CI: ''},
    ],
    ['the C locale', {LANG: 'C', LC_ALL: 'C'}],
    ['a terminal type without colours', {TERM: 'dumb'}],
  ])('works: %s', async (_name, env) => {
    const {code, stdout, stderr} = await run(env, 'rooms', 'get', 'general', '--json')
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(JSON.parse(stdout)).toMatchObject({name: 'general'})
  })

  it('ignores a code cache that is garbage', async () => {
    const home = homeAt(sandbox.url)
    const cache = join(home.folder, 'cache')
    const env = {XDG_CACHE_HOME: cache}
    expect(await home.run(['rooms', 'get', 'general'], {env})).toMatchObject({code: 0})
    const [file = ''] = readdirSync(join(cache, 'veza'))
    writeFileSync(join(cache, 'veza', file), 'garbage')
    expect(await home.run(['rooms', 'get', 'general'], {env})).toMatchObject({code: 0, stderr: ''})
  })

  it('an unreadable config file ends with 2, names it and repeats nothing of it', async () => {
    const home = homeAt(sandbox.url)
    const file = join(home.folder, 'config.json')
    writeFileSync(file, '{"password": "hunter2", oops')
    const ended = await home.run(['rooms', 'list'], {env: {VEZA_CONFIG_DIR: home.folder}})
    expectErrorLines(ended, {exit: 2, says: /config\.json is not valid JSON/, never: ['hunter2']})
  })
})
