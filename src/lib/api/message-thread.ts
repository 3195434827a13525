import type {Message, Page} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeMessage, decodePage} from './decode.js'
import {pageLimit} from './paging.js'

/** Which page of messages. */
export interface MessageQuery {
  /** Default 50, at most 100. */
  readonly limit?: number
  /** Only messages older than this id. */
  readonly beforeId?: number
  /** Only messages newer than this id; the reference dialect only (section 4). */
  readonly afterId?: number
  /** Ends the call. */
  readonly signal?: AbortSignal | undefined
  /** Only pinned messages; a server of the guide dialect gives all, so that the caller filters itself too (section 4). */
  readonly pinnedOnly?: boolean
  /** Replies as well; the reference dialect only (section 4). Default: as the server has it. */
  readonly includeThreads?: boolean
}

/** Where to begin the way back, and what is wanted on it, as in `MessageQuery`. */
export interface HistoryQuery extends Pick<MessageQuery, 'pinnedOnly' | 'includeThreads'> {
  readonly beforeId?: number
  /** Default 100. */
  readonly pageSize?: number
}

/** A message to send. */
export interface NewMessage {
  readonly content: string
  readonly parentId?: number
  readonly metadata?: Readonly<Record<string, unknown>>
  /**
   * Repeats the request after a failure that leaves open whether it was executed. Default: false. Only for a server that is known to drop a
   * repeat by `metadata.client_id`.
   */
  readonly repeatable?: boolean
  /** See `HttpRequest`. */
  readonly beforeTry?: (() => Promise<void>) | undefined
}

/** The messages of one place, a room or a conversation; `id` is that place's (section 4). */
export interface MessageThread {
  /** One page, newest first by id, whatever the order of the server. */
  list(id: number, query?: MessageQuery): Promise<Page<Message>>
  /** All messages, newest first, back to the beginning, page by page as they are read. */
  history(id: number, query?: HistoryQuery): AsyncIterable<Message>
  send(id: number, message: NewMessage): Promise<Message>
}

/** Makes the calls for the messages of a room or a conversation. `pathOf` gives their path. */
export function createMessageThread(http: HttpClient, pathOf: (id: number) => string): MessageThread {
  const list: MessageThread['list'] = async (id, {limit = 50, beforeId, afterId, signal, ...which} = {}) => {
    const query = {
      limit: pageLimit(limit),
      before_id: beforeId,
      after_id: afterId,
      pinned_only: which.pinnedOnly,
      include_threads: which.includeThreads,
    }
    const {data} = await http.request({method: 'GET', path: pathOf(id), query, signal})
    const page = decodePage(data, 'messages', decodeMessage, query.limit)
    return {...page, items: [...page.items].sort((a, b) => b.id - a.id)}
  }
  return {
    list,
    history: (id, query) => history(page => list(id, page), query),
    send: async (id, {content, parentId, metadata, repeatable = false, beforeTry}) => {
      const body = {
        content,
        ...(parentId === undefined ? {} : {parent_id: parentId}),
        ...(metadata === undefined ? {} : {metadata}),
      }
      const {data} = await http.request({method: 'POST', path: pathOf(id), body, repeatable, beforeTry})
      return decodeMessage(data)
    },
  }
}

/** Ids must fall strictly: a server that ignores `before_id` and repeats a page ends the way back instead of an endless loop. */
async function* history(
  list: (query: MessageQuery) => Promise<Page<Message>>,
  {beforeId, pageSize = 100, ...which}: HistoryQuery = {},
): AsyncGenerator<Message> {
  for (let oldest = beforeId; ; ) {
    const page = await list({...which, limit: pageSize, ...(oldest === undefined ? {} : {beforeId: oldest})})
    const before = oldest
    for (const message of page.items) {
      if (oldest !== undefined && message.id >= oldest) continue
      oldest = message.id
      yield message
    }
    if (oldest === before || !page.has_more) return
  }
}
