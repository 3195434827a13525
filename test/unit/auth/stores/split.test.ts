import fc from 'fast-check'
import {beforeEach, describe, expect, it} from 'vitest'
import {splitStore} from '../../../../src/lib/auth/stores/split.js'
import {Crash, MemoryStore} from './memory-store.js'

const account = 'ann@https://chat.example.org'
const MAX_CHARS = 40
let generations = 0
let inner: MemoryStore

const open = () => splitStore(inner, MAX_CHARS, () => `g${++generations}`)

beforeEach(() => {
  inner = new MemoryStore()
})

/** Short ones, long ones, some of characters that take two units. */
const secrets = fc.oneof(
  fc.string({unit: 'binary', maxLength: 3 * MAX_CHARS, size: 'max'}),
  fc.string({unit: fc.constantFrom('a', '😀', '\0', '"'), maxLength: 4 * MAX_CHARS, size: 'max'}),
)

describe('splitStore', () => {
  it('is what it wraps, by kind and place', () => {
    expect([open().kind, open().place]).toEqual(['keychain', 'memory'])
  })

  it('keeps any secret, in entries that are short enough', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, async secret => {
        const store = open()
        await store.write(account, secret)
        expect(await store.read(account)).toBe(secret)
        for (const entry of inner.kept.values()) expect(entry.length).toBeLessThanOrEqual(MAX_CHARS)
      }),
    )
  })

  it('leaves a secret that fits in its one entry', async () => {
    await open().write(account, 'x'.repeat(MAX_CHARS))
    expect([...inner.kept]).toEqual([[account, 'x'.repeat(MAX_CHARS)]])
  })

  it('is not taken in by a secret that looks like its own mark', async () => {
    await open().write(account, 'veza-parts:g1:2')
    expect(await open().read(account)).toBe('veza-parts:g1:2')
  })

  it('removes the parts of what it replaces or removes, and nothing of others', async () => {
    await open().write('bob', 'b'.repeat(100))
    const others = [...inner.kept]
    await open().write(account, 'x'.repeat(100))
    await open().write(account, 'y'.repeat(50))
    expect(inner.kept.size).toBe(others.length + 3)
    await open().write(account, 'short')
    expect(inner.kept.size).toBe(others.length + 1)
    await open().write(account, 'z'.repeat(100))
    await open().remove(account)
    expect([...inner.kept]).toEqual(others)
    expect(await open().read(account)).toBeUndefined()
    await open().remove(account)
  })
})

describe('a crash between any two changes', () => {
  it('leaves the old secret or the new one, never a mixture, and the next write works', async () => {
    await fc.assert(
      fc.asyncProperty(secrets, secrets, fc.nat(12), async (older, newer, changes) => {
        inner = new MemoryStore()
        await open().write(account, older)
        inner.changesLeft = changes
        const crashed = await open()
          .write(account, newer)
          .then(
            () => false,
            (error: unknown) => error instanceof Crash,
          )
        inner.restart()
        const found = await open().read(account)
        expect(crashed ? [older, newer] : [newer]).toContain(found)
        await open().write(account, 'after')
        expect(await open().read(account)).toBe('after')
      }),
    )
  })

  it('in a removal leaves the secret or nothing', async () => {
    for (const changes of [0, 1, 2, 3]) {
      inner = new MemoryStore()
      await open().write(account, 'x'.repeat(100))
      inner.changesLeft = changes
      await expect(open().remove(account)).rejects.toThrow(Crash)
      inner.restart()
      expect(await open().read(account)).toBe(changes === 0 ? 'x'.repeat(100) : undefined)
    }
  })
})

describe('a part that is missing', () => {
  it('is a session that is over', async () => {
    await open().write(account, 'x'.repeat(100))
    const [part = ''] = [...inner.kept.keys()].filter(name => name !== account)
    inner.kept.delete(part)
    await expect(open().read(account)).rejects.toMatchObject({
      code: 'signed_out',
      hint: 'sign in again: veza auth login',
    })
  })

  it('because another process has just written the next secret is read from that one', async () => {
    await open().write(account, 'x'.repeat(100))
    inner.beforeRead = async name => {
      if (name === account) return
      inner.beforeRead = async () => {}
      await open().write(account, 'y'.repeat(100))
    }
    expect(await open().read(account)).toBe('y'.repeat(100))
  })
})
