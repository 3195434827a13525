import {sanitizeLine} from '../../output/sanitize.js'
import type {Candidate} from './wanted.js'

/** A room or a user, as the server names it. */
export interface NamedThing {
  readonly id: number
  readonly name: string
}

/** What sets a name apart from an id. */
export type NameMark = '#' | '@'

/**
 * Words by which commands find the things again: the name; with the mark where it could be taken for an id or a flag, or
 * where the mark has been typed; the id where the name is not to be typed at all, or two have it.
 */
export function nameCandidates(
  things: readonly NamedThing[],
  mark: NameMark,
  typed: string,
): readonly Candidate[] {
  const times = new Map<string, number>()
  for (const {name} of things) times.set(name, (times.get(name) ?? 0) + 1)
  return things
    .map(({id, name}) => {
      const isUsable =
        times.get(name) === 1 && name.trim() === name && name !== '' && sanitizeLine(name) === name
      if (!isUsable) return {value: String(id), summary: sanitizeLine(name)}
      const isMarked = typed.startsWith(mark) || /^(?:[-#@~=]|\d+$)/.test(name) || name === 'me'
      return {value: isMarked ? `${mark}${name}` : name, summary: String(id)}
    })
    .filter(({value}) => value.startsWith(typed))
}
