import {join} from 'node:path'
import type {Environment} from '../config/environment.js'
import type {Settings} from '../config/settings.js'
import {reasonOf} from '../errors/reason.js'
import type {RateBudget, TokenSource} from '../http/types.js'
import type {Printer} from '../output/printer.js'
import type {BucketStore} from '../state/budget/local-line.js'
import type {LinePlace, SharedBudget} from '../state/budget/shared-budget.js'
import type {Line, Place} from '../state/budget/types.js'
import {counted} from './ending.js'
import {rateAccount} from './rate-account.js'
import {redisUrl} from './redis-url.js'

/** A wait below this is not worth a word. */
const SILENT_WAIT_MS = 1000
/** A long batch waits again and again: it is not told of each wait. */
const SILENCE_MS = 60_000

/** What the budget of a run is made of. */
export interface RateBudgetOptions {
  readonly settings: Pick<Settings, 'server' | 'rateLimit'>
  readonly environment: Environment
  readonly stateDir: string
  readonly tokens: TokenSource
  readonly out: Printer
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** The budget of a run, to be closed at its end. */
export interface OpenedBudget extends RateBudget {
  close(): Promise<void>
}

/**
 * The budget of messages of the account that is signed in, shared with all that send as this account: through Redis
 * where `VEZA_REDIS_URL` names one, else through a file in the state folder. Where neither works, and where there is no
 * limit of ours to share, it is kept in this process. Nothing is opened or loaded before the first message.
 */
export function openRateBudget(options: RateBudgetOptions): OpenedBudget {
  let opened: Promise<SharedBudget> | undefined
  const budget = (): Promise<SharedBudget> => (opened ??= open(options))
  return {
    take: async (...wait) => (await budget()).take(...wait),
    note: async words => (await budget()).note(words),
    close: async () => (await opened?.catch(() => undefined))?.close(),
  }
}

async function open(options: RateBudgetOptions): Promise<SharedBudget> {
  const {SharedBudget} = await import('../state/budget/shared-budget.js')
  return new SharedBudget({places: placesOf(options), onWait: waitTeller(options)})
}

/** Where the line may be kept, the best place first. */
function placesOf(options: RateBudgetOptions): LinePlace[] {
  const memory = memoryPlace(options)
  if (options.settings.rateLimit === 0) return [memory]
  const url = redisUrl(options.environment)
  const local = [filePlace(options), memory]
  return url === undefined ? local : [redisPlace(options, url), ...local]
}

function redisPlace(options: RateBudgetOptions, url: string): LinePlace {
  return {
    open: async () => {
      const {openRedisLine} = await import('../state/redis/index.js')
      return openRedisLine(url, await accountOf(options), options.settings.rateLimit)
    },
    onFailure: error => {
      const redis = `Redis at ${new URL(url).host}`
      options.out.warn(
        `cannot use ${redis} (${reasonOf(error)}): the rate limit is kept for this machine alone`,
      )
    },
  }
}

function filePlace(options: RateBudgetOptions): LinePlace {
  const file = join(options.stateDir, 'rate-budget.db')
  return {
    open: async () => {
      const {openSqliteStore} = await import('../state/budget/sqlite-store.js')
      return localLine(options, await openSqliteStore(file, await accountOf(options)))
    },
    onFailure: error =>
      options.out.verbose(
        `cannot use ${file} (${reasonOf(error)}): the rate limit is kept for this command alone`,
      ),
  }
}

function memoryPlace(options: RateBudgetOptions): LinePlace {
  return {
    open: async () => {
      const {memoryStore} = await import('../state/budget/local-line.js')
      return localLine(options, memoryStore())
    },
  }
}

async function localLine({settings, now}: RateBudgetOptions, store: BucketStore): Promise<Line> {
  const {LocalLine} = await import('../state/budget/local-line.js')
  return new LocalLine(store, {ownLimit: settings.rateLimit, now})
}

/** One budget for each account of each server. */
async function accountOf({settings, tokens}: RateBudgetOptions): Promise<string> {
  return `${settings.server} ${await rateAccount(tokens)}`
}

/** Tells of a wait when it begins: of one after a refusal always, of one in line not each time. */
function waitTeller({out, now}: RateBudgetOptions): (place: Place, reason: string | undefined) => void {
  let silentUntilMs = 0
  return (place, reason) => {
    const {waitMs} = place
    if (reason !== undefined)
      return out.notice(`waiting ${(Math.ceil(waitMs / 100) / 10).toFixed(1)} s: ${reason}`)
    if (waitMs <= SILENT_WAIT_MS || now() < silentUntilMs) return
    silentUntilMs = now() + SILENCE_MS
    const seconds = Math.ceil(waitMs / 1000)
    out.notice(`waiting ${seconds} s for the rate limit (${limitInWords(place)})`)
  }
}

function limitInWords({limit, serverLimit}: Place): string {
  if (limit === 0) return 'the server takes no more for now'
  return `${counted(limit, 'message')} a minute${limit === serverLimit ? '' : '; --rate-limit changes it'}`
}
