import type {ServerStats} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodeServerStats} from './decode-insight.js'

/** Section 4 of the contract, what only admins may. */
export interface AdminApi {
  /** Throws `forbidden` for anybody else. */
  stats(): Promise<ServerStats>
}

/** Makes the calls for admins. */
export function createAdminApi(http: HttpClient): AdminApi {
  return {
    stats: async () => decodeServerStats((await http.request({method: 'GET', path: '/admin/stats'})).data),
  }
}
