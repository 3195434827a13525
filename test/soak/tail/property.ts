import {FAULT_KINDS} from '../../../src/sandbox/faults/spec.js'
import {disorder} from './order.js'
import {runCommand, runFeed} from './runs.js'
import type {Dialect} from './world.js'

/** How much a run sends, and how much goes wrong. */
export interface Amount {
  readonly messages: number
  readonly faults: number
  /** How often the command is killed; without it the seed says whether it is the feed or the command that runs. */
  readonly kills?: number
  /** How old a record may be that comes again after a kill. Default: 200 ms, as promised. */
  readonly repeatedWithinMs?: number
}

/** One run: what it was, what it took, and what was wrong with it. */
export interface Report {
  readonly seed: number
  readonly dialect: Dialect
  readonly form: 'feed' | 'command'
  readonly stored: number
  /** How many times faults have struck, by kind. */
  readonly strikes: Readonly<Record<string, number>>
  readonly events: Readonly<Record<string, number>>
  readonly seconds: number
  readonly drainMs: number
  /** The oldest record that came again after a kill had come so long before it, in milliseconds. */
  readonly oldestRepeatedMs: number
  readonly repeated: number
  readonly kills: number
  /** Empty, if the promise was kept. */
  readonly faults: readonly string[]
}

/** What "at most the records of the last 200 ms" allows. */
const REPEATED_WITHIN_MS = 200

/** A history in which messages show late has no order that could be asked of a feed; what is lost or repeated the command shows. */
const OF_A_FEED = FAULT_KINDS.filter(kind => kind !== 'late')

/** The seed decides what is run, too, so that it alone repeats a run. */
export function variantOf(seed: number): {dialect: Dialect; form: 'feed' | 'command'} {
  return {dialect: seed % 2 === 0 ? 'guide' : 'reference', form: seed % 4 < 2 ? 'command' : 'feed'}
}

/** Runs one seed and says what was wrong. */
export async function tryOut(seed: number, amount: Amount): Promise<Report> {
  const startMs = performance.now()
  const {dialect, form: formOfSeed} = variantOf(seed)
  const {kills} = amount
  const form = kills === undefined ? formOfSeed : 'command'
  const options = {...amount, seed, dialect}
  const result =
    form === 'feed'
      ? await feed({...options, kinds: OF_A_FEED})
      : await runCommand({...options, kills: kills ?? 0})
  return {
    ...result,
    seed,
    dialect,
    form,
    events: eventsOf(result),
    seconds: (performance.now() - startMs) / 1000,
    oldestRepeatedMs: Math.max(0, ...result.repeatedAges),
    repeated: result.repeatedAges.length,
    faults: [...faultsOf(result, amount), ...(form === 'feed' ? outOfOrder(result) : [])],
  }
}

type Result = Awaited<ReturnType<typeof runCommand>>

async function feed(options: Parameters<typeof runFeed>[0]): Promise<Result> {
  return {...(await runFeed(options)), kills: 0, repeatedAges: []}
}

function faultsOf(result: Result, {repeatedWithinMs = REPEATED_WITHIN_MS}: Amount): string[] {
  const {verdict, trouble, kills, repeatedAges} = result
  const old = repeatedAges.filter(ageMs => ageMs > repeatedWithinMs)
  return [
    ...(trouble === undefined ? [] : [trouble]),
    ...listed('lost', verdict.lost),
    ...listed('wrong', verdict.wrong),
    // A kill may repeat what was written right before it, nothing else may repeat anything.
    ...(kills === 0 ? listed('twice', verdict.twice) : []),
    ...listed(`repeated after more than ${repeatedWithinMs} ms`, old.map(Math.round)),
  ]
}

function outOfOrder({received}: Result): string[] {
  return listed('out of order', disorder(received))
}

function listed(what: string, items: readonly (number | string)[]): string[] {
  const more = items.length > 10 ? ', ...' : ''
  return items.length === 0 ? [] : [`${items.length} ${what}: ${items.slice(0, 10).join(', ')}${more}`]
}

function eventsOf({received}: Result): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const {event} of received.notes) counts[event] = (counts[event] ?? 0) + 1
  return {...counts, late: received.messages.filter(({late}) => late).length}
}
