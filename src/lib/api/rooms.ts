import type {Page, Room} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodePage, decodeRoom} from './decode.js'
import {pageLimit} from './paging.js'
import {findRoom} from './room-finder.js'
import {createMembersApi, type MembersApi} from './room-members.js'
import {createRoomsInsightApi, type RoomsInsightApi} from './rooms-insight.js'

/** Which rooms to list. */
export interface RoomQuery {
  readonly filter?: 'public' | 'private' | 'joined' | 'owned'
  readonly search?: string
  /** Ends the calls. */
  readonly signal?: AbortSignal | undefined
}

/** A room to create. */
export interface NewRoom {
  readonly name: string
  readonly description?: string
  readonly isPublic?: boolean
  readonly maxMembers?: number
}

/** What to change of a room; what is not given stays. */
export interface RoomChange {
  readonly name?: string | undefined
  readonly description?: string | undefined
}

/** Section 4 of the contract, rooms, their members and what happened in them. */
export interface RoomsApi extends MembersApi, RoomsInsightApi {
  /** One page. `limit`: default 50, at most 100. */
  list(query?: RoomQuery & {readonly limit?: number; readonly offset?: number}): Promise<Page<Room>>
  /** All rooms, page by page as they are read. `pageSize`: default 100. */
  all(query?: RoomQuery & {readonly pageSize?: number}): AsyncIterable<Room>
  get(id: number): Promise<Room>
  create(room: NewRoom): Promise<Room>
  update(id: number, change: RoomChange): Promise<Room>
  delete(id: number): Promise<void>
  /**
   * The room of that name: exactly, or else the only one that differs in case. Throws `usage` where several match, and `not_found`
   * with the nearest names.
   */
  find(name: string): Promise<Room>
}

/** Makes the calls for rooms. */
export function createRoomsApi(http: HttpClient): RoomsApi {
  const list: RoomsApi['list'] = async ({limit = 50, offset, filter, search, signal} = {}) => {
    const query = {limit: pageLimit(limit), offset, filter, search}
    const {data} = await http.request({method: 'GET', path: '/rooms', query, signal})
    return decodePage(data, 'rooms', decodeRoom, query.limit)
  }
  return {
    ...createRoomsInsightApi(http),
    list,
    async *all(query) {
      for await (const page of pages(list, query)) yield* page
    },
    get: async id => decodeRoom((await http.request({method: 'GET', path: `/rooms/${id}`})).data),
    create: async room => {
      const {data} = await http.request({method: 'POST', path: '/rooms', body: newRoomBody(room)})
      return decodeRoom(data)
    },
    update: async (id, {name, description}) => {
      const body = {name, description}
      return decodeRoom((await http.request({method: 'PUT', path: `/rooms/${id}`, body})).data)
    },
    delete: async id => {
      await http.request({method: 'DELETE', path: `/rooms/${id}`})
    },
    find: name => findRoom(name, search => pages(list, search === undefined ? {} : {search})),
    ...createMembersApi(http),
  }
}

/** Pages of rooms until the last one, or until one that brings nothing new: a server may ignore `offset`. */
async function* pages(
  list: RoomsApi['list'],
  {pageSize = 100, ...query}: RoomQuery & {readonly pageSize?: number} = {},
): AsyncGenerator<readonly Room[]> {
  const seen = new Set<number>()
  for (let offset = 0; ; ) {
    const page = await list({...query, limit: pageSize, offset})
    const fresh = page.items.filter(room => !seen.has(room.id))
    if (fresh.length === 0) return
    for (const room of fresh) seen.add(room.id)
    yield fresh
    if (!page.has_more) return
    offset += page.items.length
  }
}

function newRoomBody({name, description, isPublic, maxMembers}: NewRoom): Record<string, unknown> {
  return {
    name,
    ...(description === undefined ? {} : {description}),
    ...(isPublic === undefined ? {} : {is_public: isPublic}),
    ...(maxMembers === undefined ? {} : {max_members: maxMembers}),
  }
}
