const MAX_SUGGESTIONS = 3

/** The names that a mistyped one may stand for, the nearest first, three at most. */
export async function nearNames(name: string, names: readonly string[]): Promise<readonly string[]> {
  const {distance} = await import('fastest-levenshtein')
  const limit = Math.max(2, Math.floor(name.length / 3))
  return [...new Set(names)]
    .map(candidate => ({candidate, far: distance(name.toLowerCase(), candidate.toLowerCase())}))
    .filter(({far}) => far <= limit)
    .sort((a, b) => a.far - b.far)
    .slice(0, MAX_SUGGESTIONS)
    .map(({candidate}) => candidate)
}
