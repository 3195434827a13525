import type {Conversation, Page} from '../../contract/resources.js'
import type {ListInfo} from '../output/printer.js'

/** The most that a server lists; there is no second page (section 4 of the contract). */
const MAX_ROWS = 100

/** What to say of conversations that are not in the list, where there are any. */
export function conversationsLeftOut(page: Page<Conversation>, limit: number): ListInfo & {notice?: string} {
  const {has_more, items, total = 0} = page
  const info: ListInfo = {empty: 'no conversations'}
  if (!has_more && total <= items.length) return info
  if (limit < MAX_ROWS) return {...info, more: `--limit ${MAX_ROWS}`}
  const rest = total > items.length ? `${total - items.length} more` : 'perhaps more'
  return {...info, notice: `there are ${rest}; the server lists ${items.length} at most`}
}
