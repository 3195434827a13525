import type {AuditEntry, Page, RoomStats} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodePage} from './decode.js'
import {decodeAuditEntry, decodeRoomStats} from './decode-insight.js'
import {pageLimit} from './paging.js'

/** Section 4 of the contract, what there is to know about a room. */
export interface RoomsInsightApi {
  /** What happened in a period, such as `7d`; without one in the server's default. */
  stats(id: number, period?: string): Promise<RoomStats>
  /** What was done by those who manage the room, newest first. `limit`: default 50, at most 100; there is no second page. */
  audit(
    id: number,
    query?: {readonly limit?: number | undefined; readonly action?: string | undefined},
  ): Promise<Page<AuditEntry>>
}

/** Makes the calls for what there is to know about a room. */
export function createRoomsInsightApi(http: HttpClient): RoomsInsightApi {
  return {
    stats: async (id, period) => {
      const {data} = await http.request({method: 'GET', path: `/rooms/${id}/stats`, query: {period}})
      return decodeRoomStats(data)
    },
    audit: async (id, {limit = 50, action} = {}) => {
      const query = {limit: pageLimit(limit), action}
      const {data} = await http.request({method: 'GET', path: `/rooms/${id}/audit`, query})
      return decodePage(data, 'logs', decodeAuditEntry, query.limit)
    },
  }
}
