import {distance} from 'fastest-levenshtein'

/** The candidate that is nearest to a mistyped word, or undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map(candidate => ({candidate, edits: distance(word, candidate)}))
    .sort((a, b) => a.edits - b.edits)
  const [best] = ranked
  return best !== undefined && best.edits <= Math.max(1, Math.floor(best.candidate.length / 3))
    ? best.candidate
    : undefined
}
