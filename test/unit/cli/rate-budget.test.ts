import {mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {openRateBudget} from '../../../src/lib/cli/rate-budget.js'
import {redisUrl} from '../../../src/lib/cli/redis-url.js'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {closedPort} from '../../support/http-stub.js'
import {printerOf} from '../output/capture.js'

const token = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`

let stateDir: string

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'veza-state-'))
  onTestFinished(() => rm(stateDir, {recursive: true, force: true}))
})

interface Given {
  readonly rateLimit?: number
  readonly env?: Record<string, string>
  readonly bearer?: string
  readonly server?: string
  readonly verbose?: boolean
  readonly dir?: string
}

/** A budget whose clock stands still, and what it says. */
function open({
  rateLimit = 60,
  env = {},
  bearer = token({sub: 7}),
  server = 'http://s',
  ...more
}: Given = {}) {
  const {printer, stderr} = printerOf({verbose: more.verbose ?? false})
  const budget = openRateBudget({
    settings: {server, rateLimit},
    environment: processEnvironment(env),
    stateDir: more.dir ?? stateDir,
    tokens: {headers: async () => ({authorization: `Bearer ${bearer}`}), renew: async () => false},
    out: printer,
    now: () => 1_700_000_000_000,
  })
  onTestFinished(() => budget.close())
  return {budget, stderr}
}

/** How many may be sent at once, of six. */
async function free(given: Given = {}): Promise<number> {
  const {budget} = open(given)
  let count = 0
  while (count < 6 && (await budget.take(undefined, 0).catch(() => 'refused')) === 0) count += 1
  return count
}

describe('the budget of a run', () => {
  test('is that of all runs of the account at the server', async () => {
    expect(await free()).toBe(5)
    expect(await free()).toBe(0)
    expect(await free({bearer: token({sub: 7, jti: 'renewed'})})).toBe(0)
    expect(await free({bearer: token({sub: '8'})})).toBe(5)
    expect(await free({server: 'http://other'})).toBe(5)
    expect(await readdir(stateDir)).toContain('rate-budget.db')
  })

  test('of an API key is its own, and the key is kept nowhere', async () => {
    expect([await free({bearer: 'veza_ak_1'}), await free({bearer: 'veza_ak_1'})]).toEqual([5, 0])
    expect(await free({bearer: 'veza_ak_2'})).toBe(5)
    const {readFile} = await import('node:fs/promises')
    expect((await readFile(join(stateDir, 'rate-budget.db'))).includes('veza_ak')).toBe(false)
  })

  test.each(['a.%%%.c', `a.${Buffer.from('[]').toString('base64url')}.c`, token({sub: null})])(
    'takes any credential: %s',
    async bearer => {
      expect([await free({bearer}), await free({bearer})]).toEqual([5, 0])
    },
  )

  test('without a limit leaves no trace, and still obeys the server', async () => {
    expect(await free({rateLimit: 0})).toBe(6)
    const {budget} = open({rateLimit: 0})
    await budget.note({waitMs: 5000})
    await expect(budget.take(undefined, 0)).rejects.toMatchObject({
      message: 'the server takes no more messages for 5 s, longer than --max-wait allows',
    })
    expect(await readdir(stateDir)).toEqual([])
  })

  test('is kept for this command alone where the file cannot be used, which only --verbose tells', async () => {
    await writeFile(join(stateDir, 'file'), '')
    const dir = join(stateDir, 'file', 'below')
    const quiet = open({dir})
    expect(await quiet.budget.take()).toBe(0)
    expect(quiet.stderr.text).toBe('')
    const {budget, stderr} = open({dir, verbose: true})
    for (let nth = 0; nth < 5; nth++) expect(await budget.take(undefined, 0)).toBe(0)
    await expect(budget.take(undefined, 0)).rejects.toMatchObject({code: 'rate_limited'})
    expect(stderr.text).toBe(
      `cannot use ${join(dir, 'rate-budget.db')} (ENOTDIR): the rate limit is kept for this command alone\n`,
    )
  })
})

describe('a wait', () => {
  /** Takes with a signal that ends the wait as soon as it has been told of. */
  async function told(rateLimit: number, serverLimit?: number, takes = 1): Promise<string> {
    const {budget, stderr} = open({rateLimit})
    for (let nth = 0; nth < 5; nth++) await budget.take(undefined, 0).catch(() => undefined)
    if (serverLimit !== undefined) await budget.note({limit: serverLimit, waitMs: 4500})
    for (let nth = 0; nth < takes; nth++) {
      const ended = budget.take(AbortSignal.timeout(20))
      await expect(ended).rejects.toThrow()
    }
    return stderr.text
  }

  test('of more than a second is told of once, with how to change it', async () => {
    expect(await told(6, undefined, 3)).toBe(
      'waiting 10 s for the rate limit (6 messages a minute; --rate-limit changes it)\n',
    )
  })

  test('of a second is not', async () => {
    expect(await told(60)).toBe('')
  })

  test('after a refusal is told of each time, however short, in the words of the server', async () => {
    const {budget, stderr} = open()
    await budget.note({waitMs: 940})
    for (let nth = 0; nth < 2; nth++) {
      const ended = budget.take(AbortSignal.timeout(20), 5000, 'Slow down (HTTP 429)')
      await expect(ended).rejects.toThrow()
    }
    expect(stderr.text).toBe('waiting 1.0 s: Slow down (HTTP 429)\n'.repeat(2))
  })

  test('for a limit of the server does not blame ours', async () => {
    expect(await told(60, 30)).toBe('waiting 5 s for the rate limit (30 messages a minute)\n')
    expect(await told(0, 30)).toBe('waiting 5 s for the rate limit (the server takes no more for now)\n')
  })
})

describe('VEZA_REDIS_URL', () => {
  const read = (url: string) => redisUrl(processEnvironment({VEZA_REDIS_URL: url}))

  test.each(['redis://h', 'redis://u:p@h:6379/2', 'rediss://[::1]:1'])('takes %s', url => {
    expect(read(url)).toBe(url)
  })

  test('is none where it is not set', () => {
    expect(redisUrl(processEnvironment({}))).toBeUndefined()
    expect(read('')).toBeUndefined()
  })

  test.each([
    'h:6379',
    'http://u:s3cret@h',
    'redis://',
    'redis://:s3cret@h/x',
    'redis://:s3cret%@h',
    's3cret',
  ])('refuses %s and does not repeat it', url => {
    expect(() => read(url)).toThrow(expect.objectContaining({code: 'usage'}))
    expect(() => read(url)).not.toThrow(/s3cret/)
  })

  test('of a Redis that is down: a warning without the password, and the budget of this machine', async () => {
    const port = await closedPort()
    const {budget, stderr} = open({env: {VEZA_REDIS_URL: `redis://u:s3cret@127.0.0.1:${port}`}})
    for (let nth = 0; nth < 5; nth++) expect(await budget.take(undefined, 0)).toBe(0)
    expect(stderr.text).toBe(
      `warning: cannot use Redis at 127.0.0.1:${port} (ECONNREFUSED): the rate limit is kept for this machine alone\n`,
    )
    expect(await free()).toBe(0)
  })
})
