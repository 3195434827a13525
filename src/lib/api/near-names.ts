import {printable} from '../http/printable.js'

const MAX_SUGGESTIONS = 3

/** The names that a mistyped one may stand for in words, the nearest first, three at most; undefined where there are none. */
export async function suggestNames(name: string, names: readonly string[]): Promise<string | undefined> {
  const {distance} = await import('fastest-levenshtein')
  const limit = Math.max(2, Math.floor(name.length / 3))
  const near = [...new Set(names)]
    .map(candidate => ({candidate, far: distance(name.toLowerCase(), candidate.toLowerCase())}))
    .filter(({far}) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, MAX_SUGGESTIONS)
    .map(({candidate}) => `"${printable(candidate)}"`)
  return near.length === 0 ? undefined : `did you mean ${near.join(' or ')}?`
}
