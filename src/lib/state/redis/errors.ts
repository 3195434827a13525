import {VezaError} from '../../errors/veza-error.js'

/**
 * The bundle that talks to Redis has copies of its own of all classes: this mark, not a class, tells the kinds of failure.
 */
const KIND = Symbol.for('veza-cli.redis-failure')
type Kind = 'away' | 'full' | 'script'

/** It is there, but not for this command now: it starts, follows another one, or is busy. */
const AWAY_WORDS = new Set([
  'LOADING',
  'READONLY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'BUSY',
  'NOREPLICAS',
])
/** No memory, or no disk. */
const FULL_WORDS = new Set(['OOM', 'MISCONF'])
const DENIED_WORDS = new Set(['WRONGPASS', 'NOAUTH', 'NOPERM'])
/** Of a command that Redis does not know it repeats them, be it a password. */
const ARGUMENTS = /, with args beginning with:.*$/s
const NO_DATABASE =
  /^ERR (?:DB index is out of range|SELECT is not allowed in cluster mode|invalid DB index)/i
/** Redis 7.0 says it without the word. */
const DENIED_IN_SCRIPT = /^ERR The user executing the script can't run/
const DENIED_HINT = 'check the user, the password and the permissions of VEZA_REDIS_URL'

const DATABASE_HINT =
  'write another number behind the last / of VEZA_REDIS_URL, or none; most servers have 0 to 15'

/** Whether Redis was not reached or gave no answer: the same call may succeed later, and may have acted if it `mayHaveActed`. */
export function isAway(error: unknown): boolean {
  return kindOf(error) === 'away'
}

/** Whether Redis takes no more data: nothing was done, and the same call may succeed later. */
export function isFull(error: unknown): boolean {
  return kindOf(error) === 'full'
}

/** Whether the same call may succeed later without anybody doing anything about it. */
export function isPassing(error: unknown): boolean {
  return isAway(error) || isFull(error)
}

/**
 * Redis cannot be reached, or does not answer: `unreachable`.
 * @param where host and port
 * @param reason one word
 */
export function away(where: string, reason: string, mayHaveActed = false): VezaError {
  const hint = 'check that it runs, and VEZA_REDIS_URL'
  return marked(
    'away',
    new VezaError('unreachable', `cannot reach Redis at ${where} (${reason})`, {hint, mayHaveActed}),
  )
}

/**
 * What Redis said no with, as an error of ours: `usage` for a password, permissions or a database, `unreachable` where it is away,
 * else `failed`. Arguments are never repeated.
 * @param where host and port
 * @param reply its text, which begins with a word
 */
export function refusal(where: string, reply: string): VezaError {
  const word = wordOf(reply)
  if (AWAY_WORDS.has(word)) return away(where, word)
  if (FULL_WORDS.has(word)) {
    const text = `Redis at ${where} takes no more data (${word})`
    return marked('full', new VezaError('failed', text, {hint: 'give it more memory or disk'}))
  }
  if (DENIED_WORDS.has(word)) {
    return new VezaError('usage', `Redis at ${where} refuses this access (${word})`, {hint: DENIED_HINT})
  }
  if (NO_DATABASE.test(reply)) {
    return new VezaError('usage', `Redis at ${where} has no such database`, {hint: DATABASE_HINT})
  }
  const error = new VezaError('failed', `Redis at ${where} says: ${reply.replace(ARGUMENTS, '')}`)
  return word === 'NOSCRIPT' ? marked('script', error) : error
}

/** Whether Redis does not know a script by its hash. */
export function isUnknownScript(error: unknown): boolean {
  return kindOf(error) === 'script'
}

/** Of an error within a script older servers tell the word only inside of the text. */
function wordOf(reply: string): string {
  if (DENIED_IN_SCRIPT.test(reply)) return 'NOPERM'
  const [, inside] = /^ERR Error running script.*?-([A-Z]{3,}) /.exec(reply) ?? []
  return inside ?? /^-?([A-Z]+)/.exec(reply)?.[1] ?? ''
}

function marked(kind: Kind, error: VezaError): VezaError {
  return Object.assign(error, {[KIND]: kind})
}

function kindOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && KIND in error ? error[KIND] : undefined
}
