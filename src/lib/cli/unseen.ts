import type {Page} from '../../contract/resources.js'
import {counted} from './ending.js'

/** A list without further pages, as it was asked for. */
export interface UnseenOptions {
  readonly limit: number
  /** What is listed, in the singular. */
  readonly noun: string
  /** The flag or argument that narrows the list down. */
  readonly narrow: string | undefined
}

/** The most rows a server gives at once (section 3 of the contract). */
const MAX_LIMIT = 100

/** What to say of a list that the server does not show whole and has no next page of; undefined where all was shown. */
export function unseen<T>(
  {items, has_more, total}: Page<T>,
  {limit, noun, narrow}: UnseenOptions,
): string | undefined {
  if (!has_more) return undefined
  const shown = items.length
  // A server may count what it sends, not what there is.
  const isTotal = total !== undefined && total > shown
  const count = isTotal
    ? `${shown} of ${counted(total, noun)} shown`
    : `${counted(shown, noun)} shown, perhaps not all`
  const ways = [...(limit < MAX_LIMIT ? ['--limit'] : []), ...(narrow === undefined ? [] : [narrow])]
  return ways.length === 0 ? `${count}: the server gives no more` : `${count}: use ${ways.join(' or ')}`
}
