import {afterEach, beforeEach, describe, expect, it, vi} from 'vitest'
import {keychainStore} from '../../../../src/lib/auth/stores/keychain.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** The native library, replaced: what it keeps, and how each of its calls answers. */
const native = vi.hoisted(() => ({
  kept: new Map<string, string>(),
  opened: [] as unknown[][],
  /** Called before each answer; a promise that never resolves is a daemon that hangs. */
  before: async (): Promise<void> => {},
  keepsNothing: false,
}))

vi.mock('@napi-rs/keyring', () => ({
  AsyncEntry: class {
    readonly #account: string

    constructor(service: string, account: string, options: unknown) {
      native.opened.push([service, account, options])
      this.#account = account
    }

    async getPassword(): Promise<string | null> {
      await native.before()
      return native.kept.get(this.#account) ?? null
    }

    async setPassword(secret: string): Promise<void> {
      await native.before()
      if (!native.keepsNothing) native.kept.set(this.#account, secret)
    }

    async deletePassword(): Promise<boolean> {
      await native.before()
      return native.kept.delete(this.#account)
    }
  },
}))

const account = 'ann@https://chat.example.org'
const NO_BUS = {address: undefined, runtimeDir: undefined}
const exclusively = <T>(call: () => Promise<T>): Promise<T> => call()
/** Of a platform that has no bus to ask first. */
const store = keychainStore({platform: 'darwin', bus: NO_BUS, exclusively})

const calls: readonly [string, () => Promise<unknown>][] = [
  ['read', () => store.read(account)],
  ['write', () => store.write(account, 'hunter2')],
  ['remove', () => store.remove(account)],
]

async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VezaError)
  expect(error).toMatchObject({code: 'config', hint: expect.stringContaining('--insecure-storage')})
  return error as VezaError
}

beforeEach(() => {
  native.kept.clear()
  native.opened.length = 0
  native.before = async () => {}
  native.keepsNothing = false
})

afterEach(() => {
  vi.useRealTimers()
})

describe('keychainStore', () => {
  it('reads, writes and removes an account of its own service', async () => {
    expect(await store.read(account)).toBeUndefined()
    await store.write(account, 'secret')
    expect(await store.read(account)).toBe('secret')
    await store.remove(account)
    await store.remove(account)
    expect(await store.read(account)).toBeUndefined()
    expect(native.opened[0]?.slice(0, 2)).toEqual(['veza-cli', account])
  })

  it('pins the Secret Service, so that nothing lands in a keyring that a reboot empties', async () => {
    await store.read(account)
    expect(native.opened.map(([, , options]) => options)).toEqual([{linux: {store: 'secret-service'}}])
  })

  it('names the place after the platform', () => {
    const places = (['linux', 'darwin', 'win32'] as const).map(
      platform => keychainStore({platform, bus: NO_BUS, exclusively}).place,
    )
    expect(places).toEqual([
      'the keychain (Secret Service)',
      'the macOS Keychain',
      'the Windows Credential Manager',
    ])
  })

  it('opens nothing before it is asked to', () => {
    expect(keychainStore({bus: NO_BUS, exclusively}).kind).toBe('keychain')
    expect(native.opened).toEqual([])
  })
})

describe('a keychain that takes a write and keeps nothing', () => {
  it('is told as locked, and the secret is not in the error', async () => {
    native.keepsNothing = true
    const error = await failure(store.write(account, 'hunter2'))
    expect(error.message).toContain('did not keep what was written')
    expect(error.message).not.toContain('hunter2')
  })
})

describe('a keychain that never answers', () => {
  it.each(calls)('fails a %s after 3 s, not before', async (verb, call) => {
    // The library is loaded once, by a real timer's leave.
    await store.read('warm')
    vi.useFakeTimers()
    native.before = () => new Promise<void>(() => {})
    let settled = false
    const failing = failure(call()).finally(() => {
      settled = true
    })
    await vi.advanceTimersByTimeAsync(2999)
    expect(settled).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect((await failing).message).toBe(
      `the OS keychain cannot be used: cannot ${verb}: no answer within 3 s`,
    )
    expect(vi.getTimerCount()).toBe(0)
  })

  it('leaves no timer behind when it does answer', async () => {
    vi.useFakeTimers()
    await store.read(account)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a keychain that fails', () => {
  it.each(calls)('tells the first line of the reason of a failed %s', async (verb, call) => {
    const cause = new Error('Platform failure: no such bus\nat a stack\nwith more')
    native.before = () => Promise.reject(cause)
    const error = await failure(call())
    expect(error.message).toBe(
      `the OS keychain cannot be used: cannot ${verb}: Platform failure: no such bus`,
    )
    expect(error.cause).toBe(cause)
  })

  it('with something that is no error is told without it', async () => {
    native.before = () => Promise.reject('odd')
    expect((await failure(store.read(account))).message).toMatch(/cannot read: unknown reason$/)
  })
})

describe('a keychain on Linux', () => {
  it('is not opened where no session bus answers: the library would wait for ever', async () => {
    const linux = keychainStore({platform: 'linux', bus: NO_BUS, exclusively})
    const error = await failure(linux.write(account, 'hunter2'))
    expect(error.message).toBe('the OS keychain cannot be used: cannot write: there is no D-Bus session')
    expect(native.opened).toEqual([])
  })
})

describe('a long secret', () => {
  const secret = 'x'.repeat(3000)

  it('is split to what Windows takes, and comes back whole', async () => {
    const windows = keychainStore({platform: 'win32', bus: NO_BUS, exclusively})
    await windows.write(account, secret)
    expect([...native.kept.values()].map(({length}) => length <= 1280)).toEqual([true, true, true, true])
    expect(await windows.read(account)).toBe(secret)
    await windows.write(account, secret.replaceAll('x', 'y'))
    expect(await windows.read(account)).toBe(secret.replaceAll('x', 'y'))
    await windows.remove(account)
    expect(native.kept.size).toBe(0)
  })

  it('is one entry elsewhere', async () => {
    await store.write(account, secret)
    expect([...native.kept]).toEqual([[account, secret]])
  })
})

describe('a call', () => {
  it('waits for those of other processes, and that wait is no part of its 3 s', async () => {
    vi.useFakeTimers()
    let enter: () => void = () => {}
    const turn = new Promise<void>(resolve => {
      enter = resolve
    })
    const waiting = keychainStore({
      platform: 'darwin',
      bus: NO_BUS,
      exclusively: async work => {
        await turn
        return work()
      },
    })
    native.kept.set(account, 'secret')
    const reading = waiting.read(account)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(native.opened).toEqual([])
    enter()
    expect(await reading).toBe('secret')
  })
})
