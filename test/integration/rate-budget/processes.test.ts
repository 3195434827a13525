import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest'
import {bundleScript, startScript} from '../../support/child-script.js'
import {type RateServer, rateServer} from '../../support/rate-server.js'
import {hasRedis, startRedis} from '../../support/redis.js'

const PROCESSES = 20
const MESSAGES_EACH = 6
/**
 * 20 times the limit of the contract, so that the test is over in seconds. What the server takes beyond our burst covers
 * two seconds in which a busy machine may hold up a process that has its place, where the contract's covers five.
 */
const RATE = {limit: 1200, burst: 45, gate: PROCESSES}
const BURST = 5

let folder: string
let script: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'veza-budget-'))
  script = await bundleScript(join(import.meta.dirname, 'sender.ts'), folder)
})

afterAll(() => rm(folder, {recursive: true, force: true}))

interface Senders {
  readonly limit?: number
  readonly env?: NodeJS.ProcessEnv
  /** Where a process keeps its state: the same folder for all, or one each as on many machines. */
  readonly stateDir: (nth: number) => string
}

/** Sends from all processes at once. */
async function sendFromAll(
  {url}: RateServer,
  {limit = RATE.limit, env = {}, stateDir}: Senders,
): Promise<void> {
  const outputs = Array.from({length: PROCESSES}, (_, nth) => {
    const child = startScript(script, [url, stateDir(nth), `${limit}`, `${MESSAGES_EACH}`], env)
    onTestFinished(() => void child.kill('SIGKILL'))
    return text(child.stdout)
  })
  expect(new Set(await Promise.all(outputs))).toEqual(new Set(['done\n']))
}

/** How much of what might have been sent was sent, since all processes were there. */
function usage({taken, openedMs = 0}: RateServer): number {
  const since = taken.filter(ms => ms > openedMs)
  return since.length / (BURST + ((since.at(-1)! - openedMs) * RATE.limit) / 60_000)
}

describe('20 processes of one account', () => {
  it('share one budget in a file: no refusal, and nearly all of it used', async () => {
    await using server = await rateServer(RATE)
    await sendFromAll(server, {stateDir: () => join(folder, 'file')})
    expect([server.taken.length, server.refused.length]).toEqual([PROCESSES * MESSAGES_EACH, 0])
    expect(usage(server)).toBeGreaterThan(0.95)
  }, 60_000)

  it('keep to the limit of the server where theirs is higher', async () => {
    await using server = await rateServer(RATE)
    await sendFromAll(server, {limit: 60_000, stateDir: () => join(folder, 'higher')})
    // The first of each process leaves before an answer has told the limit.
    expect([server.taken.length, server.refused.length]).toEqual([PROCESSES * MESSAGES_EACH, 0])
  }, 60_000)
})

describe.skipIf(!hasRedis && process.env.CI === undefined)('20 processes with a folder each', () => {
  it('share one budget in Redis', async () => {
    await using redis = await startRedis()
    await using server = await rateServer(RATE)
    const stateDir = (nth: number): string => join(folder, `machine-${nth}`)
    await sendFromAll(server, {stateDir, env: {VEZA_REDIS_URL: redis.url}})
    expect([server.taken.length, server.refused.length]).toEqual([PROCESSES * MESSAGES_EACH, 0])
    expect(usage(server)).toBeGreaterThan(0.95)
  }, 60_000)
})
