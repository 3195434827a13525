import type {Environment} from '../../config/environment.js'
import {FRESH_MS, readNames} from './name-cache.js'
import type {NamedThing} from './name-candidates.js'
import {openScope, type ScopeFlags} from './name-scope.js'

/** Who presses a key waits no longer. */
const PATIENCE_MS = 1000

/** What names are looked up with. */
export interface NameLookup {
  readonly kind: 'room' | 'user'
  /** What has been typed of a user's name; the server finds by it. */
  readonly prefix: string
  readonly flags: ScopeFlags
  readonly environment: Environment
  /** Starts `veza __names` with these arguments. */
  readonly start: StartFetch
  readonly now: () => number
}

/** Starts the fetching process; with `patienceMs` resolves to what it prints within that time, else to undefined at once. */
export type StartFetch = (words: readonly string[], patienceMs: number) => Promise<string | undefined>

/**
 * Names of the server: those kept for less than a minute; older ones at once, while new ones are fetched for the next time;
 * without any, those that come within a second. None where anything is wrong.
 */
export async function lookUpNames(lookup: NameLookup): Promise<readonly NamedThing[]> {
  const {kind, prefix, flags, start, now} = lookup
  try {
    const {path} = await openScope({kind, prefix}, lookup)
    const kept = readNames(path, now())
    if (kept !== undefined && kept.ageMs < FRESH_MS) return kept.names
    const words = [kind, prefix, flags.server ?? '', flags.profile ?? '']
    const fetched = await start(words, kept === undefined ? PATIENCE_MS : 0)
    if (kept !== undefined) return kept.names
    return fetched === undefined ? [] : (JSON.parse(fetched) as NamedThing[])
  } catch {
    return []
  }
}
