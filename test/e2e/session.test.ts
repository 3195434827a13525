import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {httpStub} from '../support/http-stub.js'
import type {Home} from '../support/veza.js'
import {expectErrorJson, expectErrorLines, expectFailure} from './kit/failure.js'
import {bareHome, homeAt, sharedSandbox, signIn} from './kit/sandbox.js'
import {LONG_TOKEN} from './kit/servers.js'
import {runUnprivileged} from './kit/unprivileged.js'

const sandbox = sharedSandbox()
/** Every token of it has less than 30 s left, so every command renews. */
const shortLived = sharedSandbox('--token-ttl', '2s')

const LOGIN = ['auth', 'login', '--username', 'alice', '--password-stdin', '--insecure-storage']

/** The file that holds the session of the only account of a home. */
function sessionFile(home: Home): string {
  const folder = join(home.folder, '.local', 'state', 'veza', 'credentials')
  const [name = ''] = readdirSync(folder)
  return join(folder, name)
}

function storedTokens(home: Home): {accessToken: string; refreshToken: string; expiresAtMs: number} {
  return JSON.parse((JSON.parse(readFileSync(sessionFile(home), 'utf8')) as {secret: string}).secret)
}

async function refreshByHand(url: string, refreshToken: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/auth/refresh`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({refresh_token: refreshToken}),
  })
  return answer.status
}

describe('a session in a file', () => {
  it('serves the next command, and nobody else may read it', async () => {
    const home = bareHome(sandbox.url)
    const login = await home.run(LOGIN, {stdin: 'alice-pass\n'})
    expect(login).toMatchObject({code: 0, stderr: ''})
    expect(login.stdout).not.toContain('alice-pass')
    expect(await home.run(['rooms', 'list'])).toMatchObject({code: 0, stderr: ''})
    expect(statSync(sessionFile(home)).mode & 0o777).toBe(0o600)
    expect(readFileSync(sessionFile(home), 'utf8')).not.toContain('alice-pass')
  })

  it('is gone after auth logout, here and on the server', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const {refreshToken} = storedTokens(home)
    const stderr = `signed out alice from ${sandbox.url}\n`
    expect(await home.run(['auth', 'logout'])).toEqual({code: 0, stdout: '', stderr})
    const hint = /veza auth login/
    await expectFailure(home, ['rooms', 'list'], {exit: 4, code: 'signed_out', says: /not signed in/, hint})
    expect(await refreshByHand(sandbox.url, refreshToken)).toBe(401)
  })

  it('is renewed without a word, again and again', async () => {
    const home = bareHome(shortLived.url)
    await signIn(home)
    const seen = new Set([storedTokens(home).refreshToken])
    for (let round = 0; round < 3; round++) {
      expect(await home.run(['rooms', 'get', 'general', '--json'])).toMatchObject({code: 0, stderr: ''})
      seen.add(storedTokens(home).refreshToken)
    }
    expect(seen.size).toBe(4)
  })

  it('is renewed without a word when only the server knows that the token is over', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const file = sessionFile(home)
    const stored = JSON.parse(readFileSync(file, 'utf8')) as {secret: string}
    const secret = JSON.stringify({...storedTokens(home), accessToken: LONG_TOKEN})
    writeFileSync(file, JSON.stringify({...stored, secret}))
    expect(await home.run(['messages', 'send', 'general', 'after a renewal'])).toMatchObject({
      code: 0,
      stderr: '',
    })
    expect(storedTokens(home).accessToken).not.toBe(LONG_TOKEN)
  })

  it('that the server refuses to renew ends with 4 and says to sign in', async () => {
    const home = bareHome(shortLived.url)
    await signIn(home)
    const {refreshToken} = storedTokens(home)
    // Whoever uses it twice may be a thief: the server ends the family.
    expect(await refreshByHand(shortLived.url, refreshToken)).toBe(200)
    const over = {
      exit: 4,
      code: 'signed_out',
      says: /session is over/,
      hint: /veza auth login/,
      never: [refreshToken],
    }
    expectErrorLines(await home.run(['rooms', 'list']), over)
    // From here on it may be known on this machine, too.
    const gone = {...over, says: /session is over|not signed in/}
    await expectFailure(home, ['rooms', 'list'], gone)
    await expectFailure(home, ['messages', 'tail', '1', '--quiet'], gone)
    await signIn(home)
    expect(await home.run(['rooms', 'list'])).toMatchObject({code: 0, stderr: ''})
  })

  it('is no part of another server', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    await using other = await httpStub({status: 500})
    const args = ['rooms', 'list', '--server', other.origin]
    await expectFailure(home, args, {exit: 4, says: /not signed in/, hint: /auth login/})
    expect(other.count()).toBe(0)
  })
})

describe('signing in', () => {
  it('ends with 4 on a wrong password, which is not repeated', async () => {
    const home = bareHome(sandbox.url)
    const failure = {exit: 4, code: 'signed_out', says: /./, hint: /password/, never: ['wr0ng-secret']}
    await expectFailure(home, LOGIN, {...failure, run: {stdin: 'wr0ng-secret\n'}})
    const env = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'wr0ng-secret'}
    await expectFailure(home, ['rooms', 'list'], {...failure, run: {env}})
  })

  it.each([
    ['the user name', ['auth', 'login', '--insecure-storage'], /user name/, /--username.*VEZA_USERNAME/],
    [
      'the password',
      ['auth', 'login', '--insecure-storage', '--username', 'alice'],
      /password/,
      /--password-stdin.*VEZA_PASSWORD/,
    ],
  ])('without a terminal ends with 2 and names what is missing: %s', async (_name, args, says, hint) => {
    const home = bareHome(sandbox.url)
    await expectFailure(home, args, {exit: 2, code: 'usage', says, hint})
  })

  it('opens no session where the folder of its sessions cannot be written', async () => {
    await using server = await httpStub({status: 500})
    const home = bareHome(server.origin)
    writeFileSync(join(home.folder, 'a-file'), '')
    const below = join(home.folder, 'a-file', 'veza')
    const failure = {exit: 2, code: 'config', says: /cannot write .*a-file/, hint: /VEZA_CONFIG_DIR/}
    for (const name of ['VEZA_CONFIG_DIR', 'VEZA_STATE_DIR']) {
      await expectFailure(home, LOGIN, {...failure, run: {env: {[name]: below}, stdin: 'alice-pass\n'}})
    }
    expect(server.count()).toBe(0)
  })

  it('opens no session where the folder of the settings is read-only', async () => {
    await using server = await httpStub({status: 500})
    const home = bareHome(server.origin)
    const folder = join(home.folder, '.config')
    mkdirSync(folder)
    chmodSync(folder, 0o500)
    const failure = {exit: 2, code: 'config', says: /cannot write .*\.config/}
    expectErrorLines(await runUnprivileged(home, LOGIN, 'alice-pass\n'), failure)
    expectErrorJson(await runUnprivileged(home, [...LOGIN, '--json'], 'alice-pass\n'), failure)
    expect(server.count()).toBe(0)
  })

  it('opens no session where there is no keychain, and says what to do', async () => {
    await using server = await httpStub({status: 500})
    const home = bareHome(server.origin, {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      XDG_RUNTIME_DIR: '/nonexistent',
    })
    const args = ['auth', 'login', '--username', 'alice', '--password-stdin']
    const failure = {exit: 2, code: 'config', says: /keychain|Secret Service/i, hint: /--insecure-storage/}
    await expectFailure(home, args, {...failure, run: {stdin: 'alice-pass\n'}})
    expect(server.count()).toBe(0)
  })
})

describe('a token from the environment', () => {
  it.each([
    ['no JWT', 'garbage'],
    ['three parts', 'a.b.c'],
    ['a JWT of somebody else', LONG_TOKEN],
  ])('that the server does not know ends with 4: %s', async (_name, token) => {
    const home = bareHome(sandbox.url, {VEZA_TOKEN: token})
    const failure = {exit: 4, code: 'signed_out', says: /./, hint: /sign in|auth login|VEZA_TOKEN/}
    await expectFailure(home, ['rooms', 'list'], {...failure, never: [token]})
    await expectFailure(home, ['messages', 'tail', '1', '--quiet'], {...failure, never: [token]})
  })

  it.each(['two\nlines', 'ünïcode', 'a b'])(
    'that no header can hold ends with 2 or 4, not as a defect: %j',
    async token => {
      const home = bareHome(sandbox.url, {VEZA_TOKEN: token})
      const [plain, json] = await Promise.all([
        home.run(['rooms', 'list']),
        home.run(['rooms', 'list', '--json']),
      ])
      expect([2, 4]).toContain(plain.code)
      expect(json.code).toBe(plain.code)
      expect(plain.stderr + json.stderr).not.toContain(token)
    },
  )

  it('is taken before the session of the machine', async () => {
    const home = homeAt(sandbox.url, 'bob')
    const token = (await home.run(['auth', 'token'])).stdout.trim()
    const other = bareHome(sandbox.url)
    await signIn(other, 'alice')
    const {stdout} = await other.run(['auth', 'status', '--json'], {env: {VEZA_TOKEN: token}})
    expect(JSON.parse(stdout)).toMatchObject({username: 'bob'})
  })
})

describe('fifty commands at once on one session', () => {
  it('all succeed, and lose neither a message nor the session', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const room = (JSON.parse((await home.run(['rooms', 'create', 'crowd', '--json'])).stdout) as {id: number})
      .id
    const texts = Array.from({length: 50}, (_, index) => `message ${index}`)
    const ended = await Promise.all(
      texts.map(text => home.run(['messages', 'send', `${room}`, text, '--quiet'])),
    )
    expect(ended.filter(({code, stderr}) => code !== 0 || stderr !== '')).toEqual([])
    const listed = JSON.parse((await home.run(['messages', 'list', `${room}`, '--all', '--json'])).stdout)
    const contents = (listed as {content: string}[]).map(message => message.content)
    expect(contents.sort()).toEqual([...texts].sort())
  }, 60_000)
})

describe('ten commands at once, each of which renews', () => {
  it('all succeed, and the session lives on', async () => {
    const home = bareHome(shortLived.url)
    await signIn(home)
    const ended = await Promise.all(Array.from({length: 10}, () => home.run(['rooms', 'get', 'general'])))
    expect(ended.filter(({code, stderr}) => code !== 0 || stderr !== '')).toEqual([])
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
  })
})
