import type {Page} from '../../contract/resources.js'

/** The most rows a server gives at once (section 3 of the contract). */
const MAX_PAGE_SIZE = 100

/**
 * What to say on stderr of a list without a second page, where there is more than was shown; undefined where there is not.
 * @param limit how many were asked for.
 * @param otherwise what helps where no larger limit does, such as `narrow them down with --action`.
 */
export function unseenRest(
  {items, has_more, total}: Page<unknown>,
  limit: number,
  otherwise: string,
): string | undefined {
  const isMore = total === undefined ? has_more : total > items.length
  if (!isMore) return undefined
  const shown =
    total === undefined ? `the first ${items.length}, there may be more` : `${items.length} of ${total}`
  return `${shown}: ${limit < MAX_PAGE_SIZE ? 'use --limit 100' : otherwise}`
}
