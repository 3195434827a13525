import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {hasBus, hasSecretService, KeychainHost, type KeychainRun} from '../support/keychain.js'

/** A call is bounded at 3 s; the rest is the start of a bus and a process on a busy machine. */
const BOUND_MS = 3500
/** What is not installed is skipped on a person's machine; in CI its absence is a failure. */
const needs = (isThere: boolean) => describe.skipIf(!isThere && process.env.CI === undefined)

const account = 'ann@https://chat.example.org'
let host: KeychainHost

beforeAll(async () => {
  host = await KeychainHost.open()
})

afterAll(async () => {
  await host.close()
})

/** The one thing a user must see when the keychain is of no use. */
function expectUnusable(run: KeychainRun, nth = 0): void {
  const result = run.results[nth]
  expect(result?.code).toBe('config')
  expect(result?.message).toMatch(/^the OS keychain cannot be used: /)
  expect(result?.message).not.toContain('\n')
  expect(result?.hint).toContain('--insecure-storage')
  expect(result?.hint).toContain('VEZA_TOKEN')
  expect(result?.durationMs).toBeLessThan(BOUND_MS)
}

needs(hasSecretService)('the Secret Service', () => {
  it('keeps a secret between two processes, and forgets it', async () => {
    const first = await host.withService({op: 'write', account, secret: 'first'})
    expect(first).toMatchObject({exitCode: 0, results: [{}]})
    expect(first.results[0]?.code).toBeUndefined()

    const second = await host.withService(
      {op: 'read', account},
      {op: 'write', account, secret: 'second'},
      {op: 'read', account},
      {op: 'remove', account},
      {op: 'read', account},
    )
    expect(second.results.map(result => result.value)).toEqual([
      'first',
      undefined,
      'second',
      undefined,
      undefined,
    ])
    expect(second.results.every(result => result.code === undefined)).toBe(true)
  })

  it('reads nothing where nothing is, and removes it without an error', async () => {
    const {results} = await host.withService(
      {op: 'read', account: 'nobody'},
      {op: 'remove', account: 'nobody'},
    )
    expect(results).toEqual([{durationMs: expect.any(Number)}, {durationMs: expect.any(Number)}])
  })

  it('keeps accounts apart', async () => {
    const other = 'ann@https://other.example.org'
    const {results} = await host.withService(
      {op: 'write', account, secret: 'here'},
      {op: 'write', account: other, secret: 'there'},
      {op: 'remove', account},
      {op: 'read', account: other},
      {op: 'read', account},
    )
    expect(results.map(result => result.value)).toEqual([undefined, undefined, undefined, 'there', undefined])
  })

  it('keeps every character of an account and a secret', async () => {
    const odd = 'Zoë "x" \'y\' \\ 日本 😀@http://[::1]:8080'
    const secret = '{"t":"a\\"b"}\n\t\r\u0001 ÿ 😀 \u202E'
    const {results} = await host.withService(
      {op: 'write', account: odd, secret},
      {op: 'read', account: odd},
      {op: 'remove', account: odd},
    )
    expect(results.map(result => result.value)).toEqual([undefined, secret, undefined])
  })

  it('keeps 4 KB', async () => {
    const secret = 'Ab9_'.repeat(1024)
    const {results} = await host.withService(
      {op: 'write', account: 'big', secret},
      {op: 'read', account: 'big'},
    )
    expect(results[1]?.value).toBe(secret)
  })
})

needs(hasBus)('a Secret Service that never answers', () => {
  it('is given up within 3.5 s, and the process ends', async () => {
    const run = await host.withSilentService({op: 'read', account})
    expectUnusable(run)
    expect(run.exitCode).toBe(0)
  })

  it('fails a write as it fails a read, without the secret in the error', async () => {
    const run = await host.withSilentService({op: 'write', account, secret: 'hunter2'})
    expectUnusable(run)
    expect(JSON.stringify(run.results)).not.toContain('hunter2')
  })
})

describe.skipIf(process.platform !== 'linux')('no session bus', () => {
  it.each([
    ['no address at all', undefined],
    ['a socket that does not exist', 'unix:path=/nonexistent/bus'],
    ['an address that is none', 'nonsense'],
  ])('says so: %s', async (_, address) => {
    const run = await host.withBusAddress(
      address,
      {op: 'read', account},
      {op: 'write', account, secret: 'hunter2'},
      {op: 'remove', account},
    )
    for (const nth of [0, 1, 2]) expectUnusable(run, nth)
    expect(run.exitCode).toBe(0)
    expect(JSON.stringify(run.results)).not.toContain('hunter2')
  })
})
