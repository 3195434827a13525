/** The most rows a server gives at once (section 3). */
const MAX_PAGE_SIZE = 100

/** The `limit` to ask for: what is wanted, at most a page. More would make a full page look like the last one. */
export function pageLimit(wanted: number): number {
  return Math.min(wanted, MAX_PAGE_SIZE)
}
