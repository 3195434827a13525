import {rmSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {errorOf, useChat} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {startProcess, VEZA} from '../../support/veza.js'
import {makeDesk} from './kit.js'

const GET = ['config', 'get', 'retries']

describe('the user file', () => {
  test.each([
    ['broken', '{"room": "hunter2"', 'is not valid JSON: line 1, column 19'],
    ['empty', '', 'is not valid JSON: line 1, column 1'],
    ['no object', '["hunter2"]', 'does not hold a JSON object'],
    ['with a mistyped key', '{"retires": "hunter2"}', 'must not set retires'],
    ['with a secret', '{"token": "hunter2"}', 'must not set token'],
    ['with insecure', '{"insecure": true}', 'must not set insecure'],
  ])('that is %s ends any command with 2, is named and not touched', async (_, text, fault) => {
    const desk = makeDesk()
    desk.write(text)
    const run = await desk.run(['rooms', 'list', '--json'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'config', message: `${desk.file} ${fault}`})
    expect(run.stderr).not.toContain('hunter2')
    expect(desk.text()).toBe(text)
  })

  test('may begin with a byte order mark', async () => {
    const desk = makeDesk()
    desk.write('\ufeff{"retries": 9}')
    expect((await desk.run(GET)).stdout).toBe('9\n')
  })

  test.each([
    [['--profile', 'producton'], {}, 'usage'],
    [[], {VEZA_PROFILE: 'producton'}, 'usage'],
  ])('without the profile that is asked for, %j %j: the nearest is told', async (args, env, code) => {
    const desk = makeDesk()
    desk.write({profiles: {production: {}, staging: {}}})
    const run = await desk.run([...GET, ...args, '--json'], '.', env)
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({
      code,
      message: 'there is no profile producton',
      hint: 'did you mean production?',
    })
  })

  test('that names a profile it does not hold is a config error', async () => {
    const desk = makeDesk()
    desk.write({profile: 'gone'})
    const run = await desk.run([...GET, '--json'])
    expect(errorOf(run)).toMatchObject({code: 'config', message: 'there is no profile gone', exit_code: 2})
  })
})

describe('a project file', () => {
  test.each([
    ['{', 'is not valid JSON: line 1, column 2', undefined],
    ['{"username": "x"}', 'must not set username', 'allowed are server, profile, room, format'],
    ['{"sever": "x"}', 'must not set sever', 'did you mean server?'],
    ['{"insecure": true}', 'must not set insecure', 'it must be said each time, with --insecure'],
    ['{"password": "hunter2"}', 'must not set password', undefined],
  ])('%s is refused, and named', async (text, fault, hint) => {
    const desk = makeDesk()
    const path = desk.project('repo', text)
    const run = await desk.run([...GET, '--json'], 'repo/src')
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'config', message: `${path} ${fault}`})
    if (hint !== undefined) expect(errorOf(run).hint).toBe(hint)
    expect(run.stderr).not.toContain('hunter2')
  })

  test('with a bad value is named with its key', async () => {
    const desk = makeDesk()
    const path = desk.project('repo', {server: 'http://a:hunter2@x'})
    const {code, stderr} = await desk.run(GET, 'repo')
    expect(code).toBe(2)
    expect(stderr).toContain(`error: server in ${path} must not carry a user name or password\n`)
    expect(stderr).not.toContain('hunter2')
  })

  test('is not looked for in a folder that has been removed', async () => {
    const {home} = makeDesk()
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"'
    const args = ['-c', `cd "$HOME" && ${script}`, 'sh', ...VEZA, ...GET]
    const {code, stdout} = await startProcess('sh', args, home.env).ended
    expect({code, stdout}).toEqual({code: 0, stdout: '3\n'})
    rmSync(join(home.folder, 'gone'), {recursive: true, force: true})
  })
})

describe('a project file that names a server', () => {
  const chat = useChat()
  const WARNING =
    /^warning: your credentials go to (\S+), which (\S+) names; if that is not meant, set VEZA_SERVER/

  test.each([
    ['VEZA_TOKEN', () => ({VEZA_TOKEN: chat.token('alice')})],
    ['user name and password', () => ({VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'})],
  ])('is warned of, once, when %s of the environment goes there', async (_, env) => {
    const desk = makeDesk()
    const path = desk.project('repo', {server: chat.url})
    const {code, stdout, stderr} = await desk.run(['rooms', 'list'], 'repo/src', env())
    expect(code).toBe(0)
    expect(stdout).toContain('#general')
    expect(WARNING.exec(stderr)?.slice(1)).toEqual([chat.url, path])
    expect(stderr.match(/warning/g)).toHaveLength(1)
    expect(stderr).not.toContain(chat.token('alice'))
  })

  test('is none to warn of where the user has named the same server, or another one stronger', async () => {
    const desk = makeDesk({VEZA_TOKEN: chat.token('alice')})
    desk.project('repo', {server: chat.url})
    desk.write({server: `${chat.url}/`})
    expect((await desk.run(['rooms', 'list'], 'repo')).stderr).toBe('')
    desk.write({})
    expect((await desk.run(['rooms', 'list'], 'repo', {VEZA_SERVER: chat.url})).stderr).toBe('')
    desk.write({profiles: {work: {server: chat.url}}})
    expect((await desk.run(['rooms', 'list', '--profile', 'work'], 'repo')).stderr).toBe('')
  })

  test('is warned of at a sign-in, which does not make it the server of other folders', async () => {
    const sandbox = await openSandbox()
    const desk = makeDesk()
    desk.project('repo', {server: sandbox.url})
    const login = ['auth', 'login', '--username', 'alice', '--insecure-storage']
    const {code, stderr} = await desk.run(login, 'repo', {VEZA_PASSWORD: 'alice-pass'})
    expect(code).toBe(0)
    expect(stderr).toMatch(WARNING)
    expect((await desk.run(['config', 'get', 'server'])).stdout).toBe('http://localhost:8080\n')
    // The session of this machine is kept for that server, so it is nothing to warn of.
    const later = await desk.run(['rooms', 'list'], 'repo')
    expect(later).toMatchObject({code: 0, stderr: ''})
  })
})
