import {once} from 'node:events'
import {chmod, mkdir, readdir, writeFile} from 'node:fs/promises'
import {createServer} from 'node:net'
import {join} from 'node:path'
import Database from 'libsql'
import {describe, expect, it, onTestFinished} from 'vitest'
import {runUnprivileged} from '../../e2e/kit/unprivileged.js'
import {type RateServer, rateServer} from '../../support/rate-server.js'
import {hasRedis, startRedis} from '../../support/redis.js'
import {type Ended, type Home, makeHome} from '../../support/veza.js'

const FREE = {limit: 6000, burst: 1000}
const SEND = ['messages', 'send', '1', 'hi']

/** A home that sends to the server, with a token as servers make them. */
function homeAt(server: RateServer, env: NodeJS.ProcessEnv = {}): Home {
  const claims = Buffer.from('{"sub":"2"}').toString('base64url')
  return makeHome({VEZA_SERVER: server.url, VEZA_TOKEN: `h.${claims}.s`, ...env})
}

const stateDir = (home: Home): string => join(home.folder, '.local', 'state', 'veza')
const budgetFile = (home: Home): string => join(stateDir(home), 'rate-budget.db')

function expectSent({code, stderr}: Ended, told: string | RegExp = ''): void {
  expect(code).toBe(0)
  if (typeof told === 'string') expect(stderr).toBe(told)
  else expect(stderr).toMatch(told)
}

describe('messages send', () => {
  it('waits for the messages of other commands, and says so', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server)
    const send = [...SEND, '--rate-limit', '20']
    expectSent(await home.run(send))
    const told = /^waiting [23] s for the rate limit \(20 messages a minute; --rate-limit changes it\)\n$/
    expectSent(await home.run(send), told)
    expect(server.taken[1]! - server.taken[0]!).toBeGreaterThan(2000)
  })

  it('fails with 5 rather than wait longer than --max-wait, before anything is sent', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server, {VEZA_RATE_LIMIT: '1'})
    expectSent(await home.run(SEND))
    const {code, stdout, stderr} = await home.run([...SEND, '--max-wait', '10s', '--json'])
    expect([code, stdout]).toEqual([5, ''])
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'rate_limited',
        message: expect.stringMatching(
          /^the rate limit \(1 a minute\) is used up for \d\d s, longer than --max-wait/,
        ),
        hint: expect.stringContaining('VEZA_MAX_WAIT'),
        exit_code: 5,
        retryable: true,
        retry_after_ms: expect.any(Number),
      },
    })
    const refused = await home.run(SEND, {env: {VEZA_MAX_WAIT: '0'}})
    expect([refused.code, server.taken.length]).toEqual([5, 1])
    expectSent(await home.run([...SEND, '--rate-limit', '0', '--max-wait', '0']))
  })

  it('ends its wait with --timeout, and gives its place back', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server, {VEZA_RATE_LIMIT: '1'})
    expectSent(await home.run(SEND))
    for (let nth = 0; nth < 2; nth++)
      expect((await home.run([...SEND, '--timeout', '300ms', '-q'])).code).toBe(124)
    const {stderr} = await home.run([...SEND, '--max-wait', '0', '--json'])
    expect(JSON.parse(stderr).error.retry_after_ms).toBeLessThanOrEqual(60_000)
  })

  it('obeys a server that had to refuse another command', async () => {
    await using server = await rateServer({limit: 60, burst: 1})
    const home = homeAt(server)
    expectSent(await home.run(SEND))
    // The first answer said that nothing remains until the bucket is full again, in one second or two.
    const {code, stderr} = await home.run([...SEND, '--max-wait', '0'])
    expect([code, stderr]).toEqual([5, expect.stringContaining('--max-wait')])
    expectSent(await home.run(SEND), /^(waiting 2 s .*\n)?$/)
    expect(server.refused).toEqual([])
  })
})

describe('a budget file that cannot be used', () => {
  it('that is damaged is made anew', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server, {VEZA_RATE_LIMIT: '1'})
    await mkdir(stateDir(home), {recursive: true})
    await writeFile(budgetFile(home), 'no database')
    expectSent(await home.run([...SEND, '--verbose']), /^POST .*: 201 in \d+ ms\n$/)
    expect((await home.run([...SEND, '--max-wait', '0'])).code).toBe(5)
  })

  it('that somebody holds locked keeps no message back', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server)
    expectSent(await home.run(SEND))
    const holder = new Database(budgetFile(home))
    onTestFinished(() => void holder.close())
    holder.exec('BEGIN EXCLUSIVE')
    expectSent(
      await home.run([...SEND, '-v']),
      /rate-budget\.db \(SQLITE_BUSY\): the rate limit is kept for this command/,
    )
  })

  it('in a folder that is read-only, or in none at all, neither', async () => {
    await using server = await rateServer(FREE)
    // Below a file nobody makes a folder, root neither.
    const below = (name: string): string => join(import.meta.filename, name)
    const home = homeAt(server, {XDG_CACHE_HOME: below('cache')})
    await chmod(home.folder, 0o500)
    expectSent(await runUnprivileged(home, SEND))
    expectSent(await runUnprivileged(home, [...SEND, '-v']), /cannot use .*\((EACCES|EPERM)\)/)
    expect(await readdir(home.folder)).toEqual([])
    const none = await home.run([...SEND, '-v'], {env: {HOME: below('home')}})
    expectSent(none, /cannot use .*\(ENOTDIR\): the rate limit is kept for this command/)
    expect(server.taken).toHaveLength(3)
  })
})

describe('a Redis', () => {
  const withoutPassword = (stderr: string): void => expect(stderr).not.toMatch(/s3cret|wrong-one/)

  it.skipIf(!hasRedis && process.env.CI === undefined)('shares the budget of two homes', async () => {
    await using redis = await startRedis()
    await using server = await rateServer(FREE)
    const env = {VEZA_REDIS_URL: redis.url, VEZA_RATE_LIMIT: '1'}
    const [one, other] = [homeAt(server, env), homeAt(server, env)]
    expectSent(await one.run(SEND))
    const {code, stderr} = await other.run([...SEND, '--max-wait', '0'])
    expect([code, stderr]).toEqual([5, expect.stringContaining('(1 a minute) is used up for')])
    await expect(readdir(stateDir(one))).rejects.toMatchObject({code: 'ENOENT'})
  })

  it.skipIf(!hasRedis && process.env.CI === undefined)('with another password is left alone', async () => {
    await using redis = await startRedis()
    await using server = await rateServer(FREE)
    const url = redis.url.replace(redis.password, 'wrong-one')
    const end = await homeAt(server, {VEZA_REDIS_URL: url}).run([...SEND, '--debug'])
    expectSent(
      end,
      /^warning: cannot use Redis at 127\.0\.0\.1:\d+ \(WRONGPASS\): the rate limit is kept for this machine/m,
    )
    withoutPassword(end.stderr)
  })

  it('that answers nothing costs two seconds', async () => {
    await using server = await rateServer(FREE)
    const mute = createServer().listen(0, '127.0.0.1')
    await once(mute, 'listening')
    onTestFinished(() => void mute.close())
    const {port} = mute.address() as {port: number}
    const startedMs = performance.now()
    const end = await homeAt(server, {VEZA_REDIS_URL: `redis://:s3cret@127.0.0.1:${port}`}).run(SEND)
    expectSent(
      end,
      `warning: cannot use Redis at 127.0.0.1:${port} (ETIMEDOUT): the rate limit is kept for this machine alone\n`,
    )
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })

  it('of which the address is none stops what sends, and nothing else', async () => {
    await using server = await rateServer(FREE)
    const home = homeAt(server, {VEZA_REDIS_URL: 's3cret@host'})
    const {code, stderr} = await home.run(SEND)
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('VEZA_REDIS_URL is not the address of a Redis'),
    ])
    withoutPassword(stderr)
    expect((await home.run(['config', 'list'])).code).toBe(0)
  })
})
