import {mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it, vi} from 'vitest'
import {Accounts, assertKeeps} from '../../../src/lib/auth/accounts.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {FakeServer, NO_BUS, NOW_MS} from './fakes.js'
import {MemoryStore} from './stores/memory-store.js'

const server = 'https://chat.example.org'
const FAILURE = 'the OS keychain cannot be used: cannot write: it is locked'
const fake = vi.hoisted(() => ({keychain: undefined as unknown, isLocked: false}))

vi.mock('../../../src/lib/auth/stores/keychain.js', () => ({keychainStore: () => fake.keychain}))

let root: string
let stateDir: string
let remote: FakeServer
let keychain: MemoryStore
let reasons: string[]

/** A keychain that can be locked by `fake.isLocked`. */
class LockableStore extends MemoryStore {
  override async write(account: string, secret: string): Promise<void> {
    this.#assertOpen()
    await super.write(account, secret)
  }

  override async remove(account: string): Promise<void> {
    this.#assertOpen()
    await super.remove(account)
  }

  #assertOpen(): void {
    if (fake.isLocked) throw new VezaError('config', FAILURE, {hint: 'unlock it; or set VEZA_PASSPHRASE'})
  }
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-ladder-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  stateDir = join(await mkdtemp(join(root, 'case-')), 'state')
  remote = new FakeServer()
  reasons = []
  keychain = new LockableStore()
  Object.assign(fake, {keychain, isLocked: false})
})

const accounts = (passphrase?: string): Accounts =>
  new Accounts({
    server,
    stateDir,
    bus: NO_BUS,
    passphrase: async () => passphrase,
    onExposed: () => {},
    now: () => NOW_MS,
  })

const signIn = (at: Accounts, policy: {insecure?: boolean; requireKeychain?: boolean} = {}) =>
  at.signIn(() => remote.signIn(), {
    insecure: false,
    requireKeychain: false,
    onStepDown: reason => reasons.push(reason),
    ...policy,
  })

const filesOf = (folder = join(stateDir, 'credentials')): Promise<string[]> =>
  readdir(folder).catch(() => [] as string[])

async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('a keychain that keeps', () => {
  it('has the session, and no file has', async () => {
    const account = await signIn(accounts('phrase'))
    expect([account.entry.store, account.place]).toEqual(['keychain', 'memory'])
    expect([...keychain.kept.keys()]).toEqual([`ann@${server}`])
    expect(await filesOf()).toEqual([])
    expect(reasons).toEqual([])
    const found = await accounts().find()
    expect(found && (await accounts().vault(found).load())).toMatchObject({accessToken: 'access-1'})
  })

  it('is not touched where a plain file was asked for', async () => {
    keychain.beforeRead = () => Promise.reject(new Error('touched'))
    fake.isLocked = true
    const account = await signIn(accounts('phrase'), {insecure: true})
    expect(account.entry.store).toBe('file')
    expect(reasons).toEqual([])
  })
})

describe('a keychain that fails', () => {
  beforeEach(() => {
    fake.isLocked = true
  })

  it('is stepped down from to an encrypted file where there is a passphrase, and the reason is told', async () => {
    const account = await signIn(accounts('phrase'))
    expect(account.entry.store).toBe('encrypted-file')
    expect(account.place).toBe(`${join(stateDir, 'credentials')} (encrypted)`)
    expect(reasons).toEqual([FAILURE])
    const [name = ''] = await filesOf()
    expect(await readFile(join(stateDir, 'credentials', name), 'utf8')).not.toMatch(/access-1|refresh-1/)
    expect(await accounts('phrase').vault(account).load()).toMatchObject({refreshToken: 'refresh-1'})
  })

  it('fails with 4 where only the keychain may, passphrase or not, before the server is asked', async () => {
    for (const passphrase of ['phrase', undefined]) {
      const error = await failure(signIn(accounts(passphrase), {requireKeychain: true}))
      expect([error.code, error.exitCode]).toEqual(['signed_out', 4])
      expect(error.message).toContain('it is locked')
      expect(error.hint).toContain('--require-keychain')
    }
    expect(remote.calls).toEqual([])
    expect(await filesOf()).toEqual([])
  })

  it.each([undefined, ''])(
    'fails naming the ways where the passphrase is %j, with nothing kept',
    async phrase => {
      const error = await failure(signIn(accounts(phrase)))
      expect([error.code, error.message]).toEqual(['config', FAILURE])
      expect(error.hint).toContain('VEZA_PASSPHRASE')
      expect(remote.calls).toEqual([])
      expect(await filesOf()).toEqual([])
      expect(reasons).toEqual([])
    },
  )

  it('with a defect of ours is no reason to step down', async () => {
    const defect = new TypeError('x is not a function')
    keychain.write = () => Promise.reject(defect)
    await expect(signIn(accounts('phrase'))).rejects.toBe(defect)
  })
})

describe('an encrypted session', () => {
  beforeEach(async () => {
    fake.isLocked = true
    await signIn(accounts('phrase'))
  })

  it('needs its passphrase, and says how to give it', async () => {
    const account = await accounts().find()
    const error = await failure(accounts().vault(account!).load())
    expect([error.code, error.exitCode]).toEqual(['signed_out', 4])
    expect(error.hint).toContain('VEZA_PASSPHRASE')
    expect(error.hint).toContain('VEZA_PASSPHRASE_FILE')
  })

  it('is forgotten without it', async () => {
    const account = await accounts().find()
    await accounts().forget(account!)
    expect(await filesOf()).toEqual([])
    expect(await accounts().find()).toBeUndefined()
  })
})

describe('a session that moves to another store', () => {
  it.each([
    ['a plain file', {insecure: true}],
    ['an encrypted file', {}],
  ])('from %s to the keychain leaves nothing behind', async (_, policy) => {
    fake.isLocked = true
    await signIn(accounts('phrase'), policy)
    fake.isLocked = false
    await signIn(accounts('phrase'))
    expect(await filesOf()).toEqual([])
    expect(keychain.kept.size).toBe(1)
  })

  it('from the keychain to a file leaves nothing behind', async () => {
    await signIn(accounts())
    await signIn(accounts(), {insecure: true})
    expect(keychain.kept.size).toBe(0)
    expect(await filesOf()).toHaveLength(1)
  })

  it('from a keychain that fails by now is kept all the same', async () => {
    await signIn(accounts())
    fake.isLocked = true
    const account = await signIn(accounts('phrase'))
    expect(await accounts('phrase').vault(account).load()).toMatchObject({accessToken: 'access-2'})
  })

  it('between the two kinds of files is not removed with the older one', async () => {
    const plain = await signIn(accounts('phrase'), {insecure: true})
    expect(await accounts().vault(plain).load()).toMatchObject({accessToken: 'access-1'})
    fake.isLocked = true
    const sealed = await signIn(accounts('phrase'))
    expect(await accounts('phrase').vault(sealed).load()).toMatchObject({accessToken: 'access-2'})
    expect(await filesOf()).toHaveLength(1)
  })
})

describe('signing in while another process renews the older session', () => {
  it('waits for it, so that the new session is not overwritten by the old', async () => {
    const account = await signIn(accounts(), {insecure: true})
    const log: string[] = []
    const vault = accounts().vault(account)
    let signingIn: Promise<unknown> | undefined
    await vault.exclusively(async () => {
      const stored = await vault.load()
      const asked = new Promise<void>(resolve => {
        signingIn = accounts()
          .signIn(
            async () => {
              resolve()
              return remote.signIn()
            },
            {insecure: true, requireKeychain: false, onStepDown: () => {}},
          )
          .then(() => log.push('signed in'))
      })
      await asked
      await vault.save({...stored!, accessToken: 'renewed'})
      log.push('renewed')
    })
    await signingIn
    expect(log).toEqual(['renewed', 'signed in'])
    expect(await vault.load()).toMatchObject({accessToken: 'access-2'})
  })
})

describe('assertKeeps', () => {
  it('leaves nothing in the store', async () => {
    await assertKeeps(keychain)
    expect(keychain.kept.size).toBe(0)
  })

  it('fails as the store does', async () => {
    fake.isLocked = true
    expect((await failure(assertKeeps(keychain))).message).toBe(FAILURE)
  })
})

describe('a list of sessions that cannot be read', () => {
  it('fails the sign-in before the server is asked', async () => {
    await signIn(accounts(), {insecure: true})
    await writeFile(join(stateDir, 'sessions.json'), '{"version": 1, "sess')
    expect((await failure(signIn(accounts(), {insecure: true}))).code).toBe('config')
    expect(remote.calls).toEqual(['login ann'])
  })
})
