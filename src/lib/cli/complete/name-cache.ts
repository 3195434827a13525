import {createHash} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import type {Environment} from '../../config/environment.js'
import {writeFileAtomically} from '../../state/atomic-file.js'
import type {NamedThing} from './name-candidates.js'

/** Names are good for so long; */
export const FRESH_MS = 60_000
/** for so long they are better than none, while new ones are fetched. */
export const STALE_MS = 3_600_000
/** After a failure the server is left alone for so long. */
const PAUSE_MS = 10_000

/** What names are of. */
export interface NameScope {
  readonly kind: 'room' | 'user'
  /** The beginning of the users' names; of rooms all are fetched. */
  readonly prefix: string
  readonly server: string
  /** The account, as far as it is known without the server. */
  readonly account: readonly (string | undefined)[]
}

/** Names as they were fetched. */
export interface KeptNames {
  readonly names: readonly NamedThing[]
  readonly ageMs: number
}

/** The variables that decide whose names those are. */
const CREDENTIALS = ['VEZA_TOKEN', 'VEZA_API_KEY', 'VEZA_REFRESH_TOKEN', 'VEZA_USERNAME', 'BOT_USERNAME']

/** The account that the environment names, for `NameScope`. */
export function accountInEnvironment(environment: Environment): readonly (string | undefined)[] {
  return CREDENTIALS.map(name => environment.get(name))
}

/** Where the names of a scope are kept: no account ever sees those of another. The name of the file tells nothing. */
export function cachePath(stateDir: string, scope: NameScope): string {
  const {kind, prefix, server, account} = scope
  const text = JSON.stringify([kind, prefix, server, account.map(part => part ?? null)])
  return join(stateDir, 'completion', `${createHash('sha256').update(text).digest('hex').slice(0, 32)}.json`)
}

/** The names that are kept, undefined where there are none or they are too old. Never throws. */
export function readNames(path: string, nowMs: number): KeptNames | undefined {
  try {
    const {fetched_ms: fetchedMs, names} = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    if (typeof fetchedMs !== 'number' || !isNames(names)) return undefined
    const ageMs = nowMs - fetchedMs
    return ageMs >= 0 && ageMs < STALE_MS ? {names, ageMs} : undefined
  } catch {
    return undefined
  }
}

/** Keeps names (mode 0600). Where the folder cannot be written they are not kept. */
export async function keepNames(path: string, names: readonly NamedThing[], nowMs: number): Promise<void> {
  await writeFileAtomically(path, JSON.stringify({fetched_ms: nowMs, names})).catch(() => undefined)
}

/** Keeps what there was, so that a server that cannot be reached is not tried at each key. */
export async function keepAfterFailure(path: string, nowMs: number): Promise<void> {
  const names = readNames(path, nowMs)?.names ?? []
  await keepNames(path, names, nowMs - FRESH_MS + PAUSE_MS)
}

function isNames(value: unknown): value is NamedThing[] {
  return (
    Array.isArray(value) &&
    value.every(({id, name}: NamedThing) => typeof id === 'number' && typeof name === 'string')
  )
}
