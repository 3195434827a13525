import {VezaError} from '../errors/veza-error.js'

/** Finds the candidate that a mistyped word may stand for. */
export type Suggest = (word: string, candidates: readonly string[]) => string | undefined

const LONGEST_NAME = 64

/**
 * The error for a key that is none of those allowed: a secret and `insecure` with the reason why not, any other with
 * the nearest allowed one.
 * @param refusal what comes before the key in the message.
 */
export function unknownKey(
  code: 'usage' | 'config',
  key: string,
  allowed: readonly string[],
  refusal: string,
  suggest: Suggest,
): VezaError {
  const nearest = suggest(key, allowed)
  const choice = allowed.length > 5 ? 'see veza config list' : `allowed are ${allowed.join(', ')}`
  const hint = reasonAgainst(key) ?? (nearest === undefined ? choice : `did you mean ${nearest}?`)
  return new VezaError(code, `${refusal} ${printable(key)}`, {hint})
}

/** Why a key must not be in any file, as far as there is a special reason. */
function reasonAgainst(key: string): string | undefined {
  if (key === 'insecure') return 'it must be said each time, with --insecure'
  if (/pass(word|phrase)$|token|secret|api_?key|totp/i.test(key))
    return 'secrets do not belong in settings: sign in with veza auth login, or use the environment'
  return undefined
}

/**
 * The error for a profile that is not there.
 * @param code `usage` where it was named on the command line or in the environment, `config` where in a file.
 */
export function unknownProfile(
  code: 'usage' | 'config',
  name: string,
  profiles: readonly string[],
  suggest: Suggest,
): VezaError {
  const nearest = suggest(name, profiles)
  const hint = nearest === undefined ? 'see veza profile list' : `did you mean ${nearest}?`
  return new VezaError(code, `there is no profile ${printable(name)}`, {hint})
}

/** A name is repeated only if it looks like one: anything else may be a secret in the wrong place. */
function printable(name: string): string {
  return /^[\w$.-]+$/.test(name) && name.length <= LONGEST_NAME ? name : '(unreadable)'
}
