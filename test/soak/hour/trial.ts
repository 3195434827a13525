import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {startRedis} from '../../support/redis.js'
import {faultsOf as faultsOfStream, judge} from '../relay/judge.js'
import {type StreamView, viewStream} from '../relay/stream.js'
import {Dice} from '../tail/dice.js'
import type {Dialect} from '../tail/world.js'
import {type Accounts, answersIn, type Comparison, compareAll, isTrue, roomRows} from './counters.js'
import {runLoad} from './load.js'
import {control, heal, historyOf, type Server, startServer} from './server.js'
import {figureOf, type Look, type Service} from './service.js'
import {type Part, type Services, STREAM, startServices} from './services.js'
import {type Steadiness, steadinessOf} from './steadiness.js'
import {strikes} from './strikes.js'

/** One run. */
export interface Trial {
  readonly seed: number
  readonly dialect: Dialect
  readonly minutes: number
  /** Messages a second. */
  readonly rate: number
  readonly parts: readonly Part[]
  /** Told each minute. */
  readonly onMinute: (minute: number, looks: Readonly<Record<string, readonly Look[]>>) => void
}

/** What came of it. `faults`: what should not have been; empty where all was kept. */
export interface Result {
  readonly stored: number
  /** Faults that were armed. */
  readonly armed: number
  /** Faults that struck, as the server counts them. */
  readonly struck: number
  readonly steadiness: readonly Steadiness[]
  readonly comparisons: readonly Comparison[]
  readonly looks: Readonly<Record<string, readonly Look[]>>
  readonly faults: readonly string[]
}

const STRIKE_EVERY_MS = 1_000
const LOOK_EVERY_MS = 10_000
const CAUGHT_UP_WITHIN_MS = 60_000
const AGAIN_MS = 500

/** Runs services under faults and looks at them, then heals the server, lets them catch up and compares. */
export async function tryHour(trial: Trial): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'veza-hour-'))
  await using redis = await startRedis()
  await using view = await viewStream(redis.url, STREAM)
  const server = await startServer(folder, trial.dialect)
  let services: Services | undefined
  try {
    services = await startServices(server, folder, redis.url, trial.parts)
    const armed = await strikeAndLook(server, services, trial)
    await heal(server.url)
    return await settle(server, services, view, armed)
  } finally {
    await Promise.all((services?.all ?? []).map(service => service.end()))
    await server.service.end()
    rmSync(folder, {recursive: true, force: true, maxRetries: 10, retryDelay: 50})
  }
}

/** Resolves to how many faults were armed, when the time is over. */
async function strikeAndLook(
  server: Server,
  services: Services,
  {seed, minutes, rate, onMinute}: Trial,
): Promise<number> {
  const dice = new Dice(seed)
  const faults = strikes(dice.split())
  const watched = [...services.all, server.service]
  const startedMs = performance.now()
  const atMin = (): number => (performance.now() - startedMs) / 60_000
  const isOver = (): boolean => atMin() >= minutes
  let armed = 0
  const strike = async (): Promise<void> => {
    if (await control(server.url, faults.next().value)) armed += 1
  }
  const look = async (nth: number): Promise<void> => {
    await Promise.all(watched.map(service => service.look(atMin())))
    if (nth % (60_000 / LOOK_EVERY_MS) === 0) onMinute(Math.round(atMin()), looksOf(watched))
  }
  await Promise.all([
    runLoad(server, rate, dice.split(), isOver),
    each(STRIKE_EVERY_MS, strike, isOver),
    each(LOOK_EVERY_MS, look, isOver),
  ])
  return armed
}

/** Does something at each moment that is a multiple of the interval from now. */
async function each(
  intervalMs: number,
  act: (nth: number) => Promise<void>,
  isOver: () => boolean,
): Promise<void> {
  const startedMs = performance.now()
  for (let nth = 1; !isOver(); nth += 1) {
    await sleep(Math.max(0, startedMs + nth * intervalMs - performance.now()))
    await act(nth)
  }
}

async function settle(server: Server, services: Services, view: StreamView, armed: number): Promise<Result> {
  const startedMs = performance.now()
  for (;;) {
    const accounts = await accountsOf(server, services, view)
    const comparisons = compareAll(accounts)
    const isOver = performance.now() - startedMs > CAUGHT_UP_WITHIN_MS
    if (comparisons.every(isTrue) || isOver) {
      // Once more when all have ended: what comes twice comes late.
      await Promise.all(services.all.map(service => service.end()))
      return resultOf(server, services, await afterEnd(accounts, server, view), armed)
    }
    await sleep(AGAIN_MS)
  }
}

async function accountsOf(server: Server, services: Services, view: StreamView): Promise<Accounts> {
  const {service: sandbox} = server
  const metrics = new Map<Service, string>()
  const history = await historyOf(server)
  const entries = await view.entries()
  for (const service of [...services.all, sandbox])
    metrics.set(service, await service.metrics().catch(() => ''))
  return {history, entries, services, sandbox, metrics}
}

async function afterEnd(accounts: Accounts, server: Server, view: StreamView): Promise<Accounts> {
  return {...accounts, history: await historyOf(server), entries: await view.entries()}
}

function resultOf(server: Server, services: Services, accounts: Accounts, armed: number): Result {
  const {history, entries, sandbox, metrics} = accounts
  const comparisons = compareAll(accounts)
  const watched = [...services.all, server.service]
  const steadiness = services.all.map(steadinessOf)
  const truth = new Map(
    [...history].flatMap(([{kind, id: roomId}, rows]) =>
      kind === 'room' ? rows.map(({id, content}) => [id, {roomId, content}] as const) : [],
    ),
  )
  return {
    stored: roomRows(history).length,
    armed,
    struck: figureOf(metrics.get(sandbox) ?? '', 'veza_sandbox_faults_total'),
    steadiness,
    comparisons,
    looks: looksOf(watched),
    faults: [
      ...watched.flatMap(({faults}) => faults),
      ...(services.relays.length === 0 ? [] : faultsOfStream(judge(truth, entries))),
      ...(services.bot === undefined ? [] : answersIn(history).faults),
      ...comparisons
        .filter(comparison => !isTrue(comparison))
        .map(({what, counted, truth: wanted}) => `${what}: ${counted}, but it was ${wanted}`),
      ...steadiness.flatMap(({faults}) => faults),
    ],
  }
}

const looksOf = (services: readonly Service[]): Record<string, readonly Look[]> =>
  Object.fromEntries(services.map(({name, looks}) => [name, looks]))
