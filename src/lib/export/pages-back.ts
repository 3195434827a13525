import type {Message, Page} from '../../contract/resources.js'

/** How far to go back. */
export interface WayBack {
  /** Begins below this id. Default: at the newest message. */
  readonly beforeId?: number | undefined
  /** Ends at this id, which does not come any more. */
  readonly aboveId: number
}

/** A step on the way back. */
export interface StepBack {
  /** Newest first, all above the end. */
  readonly messages: readonly Message[]
  /** The server has shown what there is from here up to where the way began: what did not come is not there. */
  readonly seenDownTo: number
  readonly total: number | undefined
}

/**
 * Goes back through history page by page; the next page is under way while one is used. Ids must fall: a server that ignores
 * `before_id` ends the way instead of an endless loop.
 */
export async function* pagesBack(
  page: (beforeId?: number) => Promise<Page<Message>>,
  {beforeId, aboveId}: WayBack,
): AsyncGenerator<StepBack> {
  let before = beforeId
  for (let coming = ahead(page(before)); ; ) {
    const {items, has_more, total} = await coming
    const top = before ?? Number.POSITIVE_INFINITY
    const fresh = items.filter(({id}) => id < top)
    const oldest = fresh.at(-1)?.id
    const goesOn = has_more && oldest !== undefined && oldest > aboveId + 1
    if (goesOn) coming = ahead(page(oldest))
    const isStuck = items.length > 0 && oldest === undefined
    const bottom = has_more ? Math.max(oldest ?? top, aboveId + 1) : aboveId + 1
    yield {messages: fresh.filter(({id}) => id > aboveId), seenDownTo: isStuck ? top : bottom, total}
    if (!goesOn) return
    before = oldest
  }
}

/** A page that nobody waits for any more, because something else has failed, fails unheard. */
function ahead<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}
