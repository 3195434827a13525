import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {storedVault, type TokenVault} from '../../../src/lib/auth/token-vault.js'
import {MemoryStore} from './stores/memory-store.js'

const account = 'ann@http://x'
const tokens = {accessToken: 'a', refreshToken: 'r', expiresAtMs: 5, user: {id: 7, username: 'ann'}}
let folder: string
let store: MemoryStore
let vault: TokenVault

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-vault-'))
})

afterAll(async () => {
  await rm(folder, {recursive: true, force: true})
})

beforeEach(() => {
  store = new MemoryStore()
  vault = storedVault(store, account, join(folder, 'ann.lock'))
})

describe('storedVault', () => {
  it('keeps the tokens of one account in the store', async () => {
    expect(vault.signIn).toBeUndefined()
    expect(await vault.load()).toBeUndefined()
    await vault.save(tokens)
    expect([...store.kept.keys()]).toEqual([account])
    expect(await vault.load()).toEqual(tokens)
  })

  it('forgets them', async () => {
    await vault.save(tokens)
    await vault.forget()
    expect(await vault.load()).toBeUndefined()
    await vault.forget()
  })

  it.each(['not ours', '{"apiKey":"veza_ak_1"}', '[]'])('has no tokens in %s', async text => {
    store.kept.set(account, text)
    expect(await vault.load()).toBeUndefined()
  })

  it('lets one at a time renew', async () => {
    const other = storedVault(store, account, join(folder, 'ann.lock'))
    const log: string[] = []
    const renew = (name: string) => async () => {
      log.push(name)
      await new Promise(resolve => setImmediate(resolve))
      log.push(name)
    }
    await Promise.all([vault.exclusively(renew('a')), other.exclusively(renew('b'))])
    expect(log[0]).toBe(log[1])
    expect(log[2]).toBe(log[3])
    expect(log).toHaveLength(4)
  })
})
