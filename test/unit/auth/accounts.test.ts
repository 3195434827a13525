import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {Accounts, notSignedIn} from '../../../src/lib/auth/accounts.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {FakeServer, INSECURE, NO_BUS, NOW_MS} from './fakes.js'

const server = 'https://chat.example.org'
let root: string
let stateDir: string
let remote: FakeServer

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-accounts-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  stateDir = join(await mkdtemp(join(root, 'case-')), 'state')
  remote = new FakeServer()
})

const accountsAt = (address = server) =>
  new Accounts({
    server: address,
    stateDir,
    bus: NO_BUS,
    passphrase: async () => undefined,
    onExposed: () => {},
    now: () => NOW_MS,
  })

/** Signs in with a plain file, as `auth login --insecure-storage` does. */
const signIn = (accounts = accountsAt(), password = 'right', username = 'ann') =>
  accounts.signIn(() => remote.signIn(username, password), INSECURE)

const credentialFiles = async (): Promise<string[]> =>
  (await readdir(join(stateDir, 'credentials'))).map(name => join(stateDir, 'credentials', name))

async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('signing in', () => {
  it('keeps the tokens in a file of mode 0600, and nothing of the password', async () => {
    const account = await signIn()
    expect(account).toEqual({
      place: `${stateDir}/credentials`,
      entry: {
        server,
        username: 'ann',
        user_id: 7,
        role: 'admin',
        kind: 'session',
        store: 'file',
        signed_in_at: '2026-03-01T12:00:00.000Z',
      },
    })
    expect(remote.calls).toEqual(['login ann'])
    const files = await credentialFiles()
    expect(files).toHaveLength(1)
    expect((await stat(files[0] ?? '')).mode & 0o777).toBe(0o600)
    for (const path of [...files, join(stateDir, 'sessions.json')]) {
      expect(await readFile(path, 'utf8')).not.toContain('right')
    }
    expect(await readFile(join(stateDir, 'sessions.json'), 'utf8')).not.toMatch(/access-|refresh-/)
  })

  it('is found again by another process, with the tokens', async () => {
    await signIn()
    const accounts = accountsAt()
    const account = await accounts.find()
    expect(account?.entry.username).toBe('ann')
    expect(await accounts.find('ann')).toEqual(account)
    expect(await accounts.find('bob')).toBeUndefined()
    expect(account && (await accounts.vault(account).load())).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      expiresAtMs: NOW_MS + 900_000,
    })
  })

  it("goes by the server's spelling of the name", async () => {
    await signIn(accountsAt(), 'right', 'ANN')
    const {entry} = await signIn()
    expect(entry.username).toBe('ann')
    expect(await credentialFiles()).toHaveLength(1)
  })

  it('keeps servers apart', async () => {
    await signIn()
    expect(await accountsAt('http://localhost:8080').find('ann')).toBeUndefined()
    await signIn(accountsAt('http://localhost:8080'))
    expect(await credentialFiles()).toHaveLength(2)
  })

  it('takes the place of an older session of the account', async () => {
    await signIn()
    const account = await signIn()
    expect(await credentialFiles()).toHaveLength(1)
    expect((await accountsAt().vault(account).load())?.accessToken).toBe('access-2')
  })
})

describe('signing in with a wrong password', () => {
  it('leaves nothing', async () => {
    const error = await failure(signIn(accountsAt(), 'hunter2'))
    expect([error.code, error.exitCode]).toEqual(['signed_out', 4])
    expect(`${error.message} ${error.hint}`).not.toContain('hunter2')
    expect(await credentialFiles()).toEqual([])
    expect(await readdir(stateDir)).toEqual(['credentials'])
    expect(await accountsAt().find()).toBeUndefined()
  })

  it('leaves an older session as it is', async () => {
    const account = await signIn()
    await failure(signIn(accountsAt(), 'wrong'))
    expect((await accountsAt().vault(account).load())?.accessToken).toBe('access-1')
    expect(await accountsAt().find()).toEqual(account)
  })
})

describe('a state folder that cannot be written', () => {
  it('fails before the server is asked, so that no session is lost', async () => {
    await writeFile(stateDir, 'a file where the folder should be')
    const error = await failure(signIn())
    expect(error.code).toBe('config')
    expect(error.message).toContain(stateDir)
    expect(remote.calls).toEqual([])
  })

  it('is noticed for the credentials alone, too', async () => {
    await signIn()
    await rm(join(stateDir, 'credentials'), {recursive: true})
    await writeFile(join(stateDir, 'credentials'), '')
    expect((await failure(signIn())).code).toBe('config')
    expect(remote.calls).toEqual(['login ann'])
  })
})

describe('forgetting an account', () => {
  it('removes its tokens and its entry, and asks nobody', async () => {
    const accounts = accountsAt()
    const account = await signIn(accounts)
    const other = await signIn(accountsAt('http://localhost:8080'))
    await accounts.forget(account)
    expect(await accounts.find()).toBeUndefined()
    expect(await accounts.vault(account).load()).toBeUndefined()
    expect(await accountsAt('http://localhost:8080').find()).toEqual(other)
    expect(await credentialFiles()).toHaveLength(1)
    expect(remote.calls).toEqual(['login ann', 'login ann'])
  })

  it('does no harm when it is forgotten already', async () => {
    const account = await signIn()
    await accountsAt().forget(account)
    await accountsAt().forget(account)
    expect(await accountsAt().find()).toBeUndefined()
  })
})

describe('an entry kept in the keychain', () => {
  it('is found without the keychain being asked', async () => {
    await signIn()
    const path = join(stateDir, 'sessions.json')
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace('"store": "file"', '"store": "keychain"'))
    const account = await accountsAt().find()
    expect(account?.entry.store).toBe('keychain')
    expect(account?.place).toMatch(/[Kk]eychain|Credential Manager/)
  })
})

describe('notSignedIn', () => {
  it('names the server and the way in', () => {
    const error = notSignedIn(server)
    expect([error.code, error.message, error.hint]).toEqual([
      'signed_out',
      `not signed in to ${server}`,
      'run: veza auth login',
    ])
  })
})
