import type {Page} from '../../contract/resources.js'

/** The most rows a server gives at once (section 3 of the contract). */
export const MAX_PAGE_SIZE = 100

/** The `limit` to ask for: what is wanted, at most a page. More would make a full page look like the last one. */
export function pageLimit(wanted: number): number {
  return Math.min(wanted, MAX_PAGE_SIZE)
}

/**
 * Whether a server has more than it gave of a list without a next page, such as members (section 4 of the contract): by its
 * own word, or by its total, since a page may be full with fewer rows than were asked for.
 */
export function isPart<T>({items, has_more, total = 0}: Page<T>): boolean {
  return has_more || total > items.length
}
