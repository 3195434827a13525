import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {type Account, Accounts} from '../../../src/lib/auth/accounts.js'
import {openSession} from '../../../src/lib/auth/open-session.js'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {FakeServer, INSECURE, jwt, NO_BUS, NOW_MS, signedOut} from './fakes.js'

const server = 'https://chat.example.org'
const DAY_SECONDS = 86_400
const good = jwt({sub: '7', exp: NOW_MS / 1000 + DAY_SECONDS})
const ended = jwt({sub: '7', exp: NOW_MS / 1000 - DAY_SECONDS})
let root: string
let stateDir: string
let remote: FakeServer

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-open-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  stateDir = join(await mkdtemp(join(root, 'case-')), 'state')
  remote = new FakeServer()
})

const accounts = () =>
  new Accounts({
    server,
    stateDir,
    bus: NO_BUS,
    passphrase: async () => undefined,
    onExposed: () => {},
    now: () => NOW_MS,
  })

/** Signs in with a plain file, as `auth login --insecure-storage` does. */
const signIn = (): Promise<Account> => accounts().signIn(() => remote.signIn(), INSECURE)

/** Accounts that fail the test when anybody looks for one: neither disk nor keychain may be touched. */
const untouchable = (): Accounts => {
  const found = accounts()
  found.find = () => Promise.reject(new Error('the disk was touched'))
  return found
}

const notices: string[] = []

const open = (env: Record<string, string>, {from = accounts(), username = env.VEZA_USERNAME} = {}) =>
  openSession({
    environment: processEnvironment(env),
    server,
    username,
    accounts: from,
    authApi: remote.api,
    now: () => NOW_MS,
    skewMs: () => 0,
    onSpent: () => notices.push('spent'),
  })

const ALL = {
  VEZA_API_KEY: 'veza_ak_1',
  VEZA_TOKEN: good,
  VEZA_REFRESH_TOKEN: 'given',
  VEZA_USERNAME: 'ann',
  VEZA_PASSWORD: 'right',
}

describe('the ladder', () => {
  it('begins with the API key', async () => {
    const {tokens, session, place} = await open(ALL, {from: untouchable()})
    expect(await tokens.headers()).toEqual({'x-api-key': 'veza_ak_1'})
    expect(session).toBeUndefined()
    expect(place).toContain('VEZA_API_KEY')
    expect(place).not.toContain('veza_ak_1')
  })

  it('goes on with the token', async () => {
    const {tokens, session, place} = await open({...ALL, VEZA_API_KEY: ''}, {from: untouchable()})
    expect(await tokens.headers()).toEqual({authorization: `Bearer ${good}`})
    expect(session).toBe(tokens)
    expect(place).toContain('VEZA_TOKEN')
    expect(remote.calls).toEqual([])
  })

  it('then with the refresh token, which is exchanged on first use', async () => {
    const {tokens} = await open({...ALL, VEZA_API_KEY: '', VEZA_TOKEN: ''}, {from: untouchable()})
    expect(remote.calls).toEqual([])
    expect(await tokens.headers()).toEqual({authorization: 'Bearer access-1'})
    expect(await tokens.headers()).toEqual({authorization: 'Bearer access-1'})
    expect(remote.calls).toEqual(['refresh given'])
  })

  it('then with user name and password, which sign in on first use, once', async () => {
    const env = {VEZA_USERNAME: 'ann', VEZA_PASSWORD: 'right'}
    const {tokens, place} = await open(env, {from: untouchable()})
    expect(remote.calls).toEqual([])
    const both = await Promise.all([tokens.headers(), tokens.headers()])
    expect(both).toEqual([{authorization: 'Bearer access-1'}, {authorization: 'Bearer access-1'}])
    expect(remote.calls).toEqual(['login ann'])
    expect(place).toBe('the environment (user name and password)')
  })

  it('ends with the account of this machine', async () => {
    const {place} = await signIn()
    const opened = await open({VEZA_USERNAME: 'ann'})
    expect(opened.place).toBe(place)
    expect(await opened.tokens.headers()).toEqual({authorization: 'Bearer access-1'})
  })

  it('takes the account signed in last where nobody is named', async () => {
    await signIn()
    // A password alone is of no use.
    const opened = await open({VEZA_PASSWORD: 'right'})
    expect(await opened.tokens.headers()).toEqual({authorization: 'Bearer access-1'})
  })

  it('with nothing on it says so before any request', async () => {
    const error = await open({}).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(VezaError)
    expect(error).toMatchObject({code: 'signed_out', message: `not signed in to ${server}`})
    expect(await open({VEZA_USERNAME: 'bob'}).catch((thrown: unknown) => thrown)).toMatchObject({
      code: 'signed_out',
    })
    expect(remote.calls).toEqual([])
  })

  it.each([
    [{}, 'run: veza auth login'],
    [{BOT_USERNAME: 'ann'}, 'set BOT_PASSWORD beside BOT_USERNAME, or run: veza auth login'],
    [{VEZA_USERNAME: 'ann'}, 'set VEZA_PASSWORD beside VEZA_USERNAME, or run: veza auth login'],
    [{VEZA_PASSWORD: 'right'}, 'set VEZA_USERNAME beside VEZA_PASSWORD, or run: veza auth login'],
    [{BOT_PASSWORD: 'right'}, 'set BOT_USERNAME beside BOT_PASSWORD, or run: veza auth login'],
  ])('says which half of a name and a password is missing: %j', async (env: Record<string, string>, hint) => {
    await expect(open(env)).rejects.toMatchObject({code: 'signed_out', hint})
  })
})

describe('a session of the environment', () => {
  it('writes nothing to any folder', async () => {
    const {tokens} = await open({VEZA_USERNAME: 'ann', VEZA_PASSWORD: 'right'})
    await tokens.renew(await tokens.headers())
    expect(remote.calls).toEqual(['login ann', 'refresh refresh-1'])
    await expect(readdir(stateDir)).rejects.toThrow('ENOENT')
  })

  it("takes the guide's password after ours", async () => {
    const env = {VEZA_USERNAME: 'ann', BOT_PASSWORD: 'right'}
    await (await open(env)).tokens.headers()
    const both = await open({...env, VEZA_PASSWORD: 'wrong'})
    await expect(both.tokens.headers()).rejects.toMatchObject({code: 'signed_out'})
  })

  it('renews a token that has ended with the refresh token beside it', async () => {
    const {tokens} = await open({VEZA_TOKEN: ended, VEZA_REFRESH_TOKEN: 'given'})
    expect(await tokens.headers()).toEqual({authorization: 'Bearer access-1'})
    expect(remote.calls).toEqual(['refresh given'])
  })

  it('sends a token that has ended by our clock and stands alone: the server may see it otherwise', async () => {
    const {tokens} = await open({VEZA_TOKEN: ended})
    const used = await tokens.headers()
    expect(used).toEqual({authorization: `Bearer ${ended}`})
    await expect(tokens.renew(used)).rejects.toMatchObject({
      code: 'signed_out',
      message: 'the session is over',
    })
  })

  it('sends an opaque token as it is', async () => {
    const {tokens} = await open({VEZA_TOKEN: 'opaque'})
    expect(await tokens.headers()).toEqual({authorization: 'Bearer opaque'})
  })

  it('signs in again where the server has ended the one before', async () => {
    const {tokens} = await open({VEZA_USERNAME: 'ann', VEZA_PASSWORD: 'right'})
    const used = await tokens.headers()
    remote.refresh = () => Promise.reject(signedOut())
    expect(await tokens.renew(used)).toBe(true)
    expect(remote.calls).toEqual(['login ann', 'login ann'])
  })
})

describe('a session of this machine', () => {
  it('keeps its renewed tokens for the next command', async () => {
    await signIn()
    const first = await open({})
    await first.tokens.renew(await first.tokens.headers())
    const second = await open({})
    expect(await second.tokens.headers()).toEqual({authorization: 'Bearer access-2'})
    expect(remote.calls).toEqual(['login ann', 'refresh refresh-1'])
  })
})

describe('an API key of this machine', () => {
  const withKey = () =>
    accounts().signIn(
      async () => ({user: {id: 7, username: 'ann'}, credential: {apiKey: 'veza_ak_1'}}),
      INSECURE,
    )

  it('is sent as it is by the next command', async () => {
    const {place} = await withKey()
    const opened = await open({})
    expect(await opened.tokens.headers()).toEqual({'x-api-key': 'veza_ak_1'})
    expect([opened.session, opened.place]).toEqual([undefined, place])
  })

  it('takes the place of the tokens, and they that of the key', async () => {
    await signIn()
    await withKey()
    expect((await open({})).session).toBeUndefined()
    await signIn()
    expect(await (await open({})).tokens.headers()).toEqual({authorization: 'Bearer access-2'})
  })

  it('that is gone from its store is no session', async () => {
    const account = await withKey()
    await accounts().vault(account).forget()
    await expect(open({})).rejects.toMatchObject({code: 'signed_out', message: `not signed in to ${server}`})
  })
})

describe('a refresh token of the environment', () => {
  it('is told to be spent once it has been exchanged', async () => {
    notices.length = 0
    const {tokens} = await open({VEZA_REFRESH_TOKEN: 'given'}, {from: untouchable()})
    expect(notices).toEqual([])
    await tokens.headers()
    expect(notices).toEqual(['spent'])
  })
})
