import type {Page} from '../../contract/resources.js'
import {isPart, MAX_PAGE_SIZE} from '../api/paging.js'
import type {View} from '../output/views/view.js'
import type {Context} from './context.js'
import {counted} from './ending.js'
import {integerFlag} from './flags.js'

/** `--limit` of a list that has no next page. */
export function limitFlag(byDefault: number) {
  const summary = `At most so many, ${byDefault} by default`
  return integerFlag('limit', {summary}, 1, MAX_PAGE_SIZE)
}

/** A list without further pages, as it was asked for. */
export interface PageRequest {
  /** Default: as many as a server gives at once. */
  readonly limit?: number
  /** What is listed, in the singular. */
  readonly noun: string
  /** The flag or argument that narrows the list down. */
  readonly narrow?: string | undefined
}

/** Shows a list that has no next page, and says on stderr where there is nothing in it or more than that. */
export async function showPage<T>(
  {out}: Pick<Context, 'out'>,
  page: Page<T>,
  view: View<T>,
  request: PageRequest,
): Promise<void> {
  await out.list<T>(page.items, view, {empty: `no ${request.noun}s`})
  const notice = unseen(page, request)
  if (notice !== undefined) out.notice(notice)
}

/** What to say of a list that the server does not show whole and has no next page of; undefined where all was shown. */
export function unseen<T>(
  page: Page<T>,
  {limit = MAX_PAGE_SIZE, noun, narrow}: PageRequest,
): string | undefined {
  if (!isPart(page)) return undefined
  const {items, total} = page
  const shown = items.length
  // A server may count what it sends, not what there is.
  const isTotal = total !== undefined && total > shown
  const count = isTotal
    ? `${shown} of ${counted(total, noun)} shown`
    : `${counted(shown, noun)} shown, perhaps not all`
  const ways = [...(limit < MAX_PAGE_SIZE ? ['--limit'] : []), ...(narrow === undefined ? [] : [narrow])]
  return ways.length === 0 ? `${count}: the server gives no more` : `${count}: use ${ways.join(' or ')}`
}
