import {IdList} from '../realtime/cursor/id-list.js'
import {readRanges, writeRanges} from '../realtime/cursor/id-text.js'

/** Between two texts; each is read from 0. */
const SEPARATOR = '.'

/** Ids as a short text. @param ids not in order perhaps, none twice. */
export function idsText(ids: readonly number[]): string {
  const bounds: number[] = []
  for (const id of ascending(ids)) {
    if (bounds.at(-1) === id) bounds[bounds.length - 1] = id + 1
    else bounds.push(id, id + 1)
  }
  return writeRanges(bounds)
}

/**
 * The ids of texts of `idsText` or of an `IdList`, joined by dots, in any order, and the highest of them, 0 for none. What
 * none of ours can have written is passed over.
 */
export function readIds(text: string): {readonly ids: IdList; readonly highest: number} {
  const ids = new IdList()
  let highest = 0
  for (const part of text.split(SEPARATOR)) {
    const bounds = readRanges(part) ?? []
    for (let at = 0; at < bounds.length; at += 2)
      for (let id = bounds[at] ?? 0; id < (bounds[at + 1] ?? 0); id += 1) ids.add(id)
    highest = Math.max(highest, (bounds.at(-1) ?? 1) - 1)
  }
  return {ids, highest}
}

/** They nearly always are. */
function ascending(ids: readonly number[]): readonly number[] {
  for (let at = 1; at < ids.length; at += 1)
    if ((ids[at] ?? 0) < (ids[at - 1] ?? 0)) return [...ids].sort((a, b) => a - b)
  return ids
}
