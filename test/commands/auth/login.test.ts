import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, useChat} from '../../support/chat.js'
import {atTerminal, type Home, makeHome} from '../../support/veza.js'

const credentialsOf = (home: Home): string => join(home.folder, '.local', 'state', 'veza', 'credentials')

/** Every file that a home holds, with its mode and text. */
function filesOf(home: Home): {path: string; mode: number; text: string}[] {
  return readdirSync(home.folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .map(path => ({path, mode: statSync(path).mode & 0o777, text: readFileSync(path, 'utf8')}))
}

const login = (url: string, ...more: string[]): string[] => [
  ...['auth', 'login', '--server', url, '--insecure-storage'],
  ...more,
]

describe.each(DIALECTS)('auth login, %s', dialect => {
  const chat = useChat({dialect})

  test('says where the session is kept, 0600, and the other commands need no --server', async () => {
    const home = makeHome()
    const args = login(chat.url, '--username', 'alice', '--password-stdin')
    const {code, stdout, stderr} = await home.run(args, {stdin: 'alice-pass\n'})
    const folder = credentialsOf(home)
    expect(stdout).toBe(`server:\t${chat.url}\nuser:\talice\nrole:\tuser\nsession kept in:\t${folder}\n`)
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const [secret, ...others] = filesOf(home).filter(file => file.path.startsWith(folder))
    expect(others).toEqual([])
    expect(secret?.mode).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(filesOf(home).some(file => file.text.includes('alice-pass'))).toBe(false)
    const status = documentOf(await home.run(['auth', 'status', '--json']))
    expect(status).toMatchObject({server: chat.url, username: 'alice', storage: folder})
  })

  test('asks a person for name and password, and shows nothing of the password', async () => {
    const home = makeHome()
    const {code, screen} = await atTerminal(home, login(chat.url), {
      typing: [
        {prompt: 'User name: ', typed: 'bob\r'},
        {prompt: 'Password', typed: 'bob-pass\r'},
      ],
    })
    expect(code).toBe(0)
    expect(screen).toMatch(/user:\S* +bob\n/)
    expect(screen).toContain(ESCAPE)
    expect(screen).not.toMatch(/-pass|\*/)
  })

  test('--json is the account, without a secret', async () => {
    const env = {VEZA_USERNAME: 'bob', VEZA_PASSWORD: 'bob-pass'}
    const account = documentOf(await makeHome(env).run(login(chat.url, '--json')))
    expect(account).toMatchObject({server: chat.url, username: 'bob', user_id: 3, role: 'user'})
    expect(Object.keys(account).filter(key => /token|secret|password/.test(key))).toEqual([])
  })
})

describe('auth login, where name and password come from', () => {
  const chat = useChat()
  const userOf = async (env: NodeJS.ProcessEnv, args: string[] = [], stdin = ''): Promise<unknown> =>
    documentOf(await makeHome(env).run(login(chat.url, '--json', ...args), {stdin})).username

  test('the guide’s variables work, ours come first, the flag before both', async () => {
    const guides = {BOT_USERNAME: 'bot', BOT_PASSWORD: 'bot-pass'}
    const ours = {...guides, VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    expect(await userOf(guides)).toBe('bot')
    expect(await userOf(ours)).toBe('alice')
    expect(await userOf({...ours, VEZA_PASSWORD: 'bob-pass'}, ['--username', 'bob'])).toBe('bob')
  })

  test('--password-stdin takes the first line, before the environment', async () => {
    const env = {VEZA_PASSWORD: 'wrong'}
    const args = ['--username', 'alice', '--password-stdin']
    expect(await userOf(env, args, 'alice-pass\r\nsecond line\n')).toBe('alice')
    expect(await userOf(env, args, 'alice-pass')).toBe('alice')
  })

  test.each([
    ['the user name', [], '', '--username or VEZA_USERNAME'],
    ['the password', ['--username', 'alice'], '', '--password-stdin or VEZA_PASSWORD'],
    ['the password', ['--username', 'alice', '--password-stdin'], '\n', '--password-stdin or VEZA_PASSWORD'],
  ])('without %s a pipe is told what to give: %j', async (what, args, stdin, how) => {
    const run = await makeHome().run(login(chat.url, ...args), {stdin})
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${what} is missing\nhint: give it with ${how}\n`,
    })
  })

  test.each([
    ['--no-input', ['--no-input'], {}],
    ['CI', [], {CI: 'true'}],
  ])('%s rules questions out at a terminal, too', async (_what, args, env) => {
    const {code, screen} = await atTerminal(makeHome(), login(chat.url, ...args), {env})
    expect(code).toBe(2)
    expect(screen).toBe('error: the user name is missing\nhint: give it with --username or VEZA_USERNAME\n')
  })

  test('Ctrl-C at the password ends it with 130, and nothing is kept', async () => {
    const home = makeHome()
    const {code} = await atTerminal(home, login(chat.url, '--username', 'alice'), {
      typing: [{prompt: 'Password', typed: 'alice\u0003'}],
    })
    expect(code).toBe(130)
    expect(filesOf(home).filter(file => file.path.endsWith('.json'))).toEqual([])
  })
})

describe('auth login, a question left without an answer', () => {
  const chat = useChat()

  test.each([
    ['the user name', 'User name', []],
    ['the password', 'Password', ['--username', 'alice']],
    ['the API key', 'API key', ['--api-key-stdin']],
  ])('Ctrl-D at %s ends it with 130 and one line', async (_what, prompt, args) => {
    const typing = [{prompt, typed: '\u0004'}]
    const {code, screen} = await atTerminal(makeHome(), login(chat.url, ...args), {typing})
    expect(code).toBe(130)
    expect(screen).toMatch(/error: interrupted\n$/)
  })

  test('an API key typed at a terminal is not shown', async () => {
    const typing = [{prompt: 'API key', typed: 'veza_ak_typed\r'}]
    const {code, screen} = await atTerminal(makeHome(), login(chat.url, '--api-key-stdin'), {typing})
    expect({code, shown: screen.includes('veza_ak_typed')}).toEqual({code: 4, shown: false})
  })
})

describe('auth login, what goes wrong', () => {
  const chat = useChat()

  test('one place to keep the session, not two', async () => {
    const home = makeHome({VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'})
    const both = await home.run(login(chat.url, '--require-keychain'))
    const outranked = await home.run(login(chat.url), {env: {VEZA_REQUIRE_KEYCHAIN: '1'}})
    expect([both.code, outranked.code]).toEqual([2, 4])
    expect(filesOf(home).filter(file => file.path.endsWith('.json'))).toEqual([])
  })

  test('a wrong password is 4 and leaves no session, no server and no trace of itself', async () => {
    const home = makeHome({VEZA_USERNAME: 'alice'})
    const run = await home.run(login(chat.url, '--password-stdin', '--json', '--debug'), {
      stdin: 'wr0ng-secret',
    })
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(run.stderr).not.toContain('wr0ng')
    const again = await home.run(login(chat.url, '--password-stdin', '--json'), {stdin: 'wr0ng-secret'})
    expect(errorOf(again)).toMatchObject({
      code: 'signed_out',
      status: 401,
      server_code: 'INVALID_CREDENTIALS',
    })
    expect(filesOf(home).filter(file => file.text.includes(chat.url))).toEqual([])
    expect(filesOf(home).filter(file => file.path.startsWith(credentialsOf(home)))).toEqual([])
  })

  test('without a keychain it says so, names the way out, and asks the server for nothing', async () => {
    const home = makeHome({
      VEZA_USERNAME: 'alice',
      VEZA_PASSWORD: 'alice-pass',
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus',
    })
    const run = await home.run(['auth', 'login', '--server', chat.url, '--debug'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(
      /error: the OS keychain cannot be used: [^\n]+\nhint: [^\n]*--insecure-storage/,
    )
    expect(run.stderr).not.toContain('/auth/login')
  })

  test.each(['VEZA_CONFIG_DIR', 'VEZA_STATE_DIR'])(
    'a %s that cannot be written is found before a session is opened',
    async variable => {
      const home = makeHome({
        VEZA_USERNAME: 'alice',
        VEZA_PASSWORD: 'alice-pass',
        [variable]: '/dev/null/veza',
      })
      const run = await home.run(login(chat.url, '--debug'))
      expect(run).toMatchObject({code: 2, stdout: ''})
      expect(run.stderr).toMatch(/error: [^\n]*\/dev\/null\/veza/)
      expect(run.stderr).not.toContain('/auth/login')
    },
  )

  test('a server that is down is 6', async () => {
    const env = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    const run = await makeHome(env).run(login('http://127.0.0.1:9', '--retries', '0'))
    expect(run).toMatchObject({code: 6, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })
})

describe('auth login, two accounts on one server', () => {
  const chat = useChat()

  test('the last one is in use, VEZA_USERNAME chooses', async () => {
    const home = makeHome()
    for (const name of ['alice', 'bob']) {
      await home.run(login(chat.url, '--username', name, '--password-stdin'), {stdin: `${name}-pass`})
    }
    const who = async (env: NodeJS.ProcessEnv): Promise<unknown> =>
      documentOf(await home.run(['auth', 'status', '--json'], {env})).username
    expect(await who({})).toBe('bob')
    expect(await who({VEZA_USERNAME: 'alice'})).toBe('alice')
  })
})
