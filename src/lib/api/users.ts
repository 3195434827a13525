import type {Page, User} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {printable} from '../http/printable.js'
import type {HttpClient} from '../http/types.js'
import {decodePage, decodeUser} from './decode.js'
import {pageLimit} from './paging.js'

/** What to change of the own account; what is not given stays. */
export interface ProfileChange {
  readonly username?: string | undefined
  readonly email?: string | undefined
  /** Empty: none. */
  readonly status_message?: string | undefined
}

/** Section 4 of the contract, users. */
export interface UsersApi {
  me(): Promise<User>
  get(id: number): Promise<User>
  /** Users that the server finds for `text`. `limit`: default 50, at most 100. */
  search(text: string, query?: {readonly limit?: number}): Promise<readonly User[]>
  /** As `search`, with what is known of how many there are: the contract has no way to the ones behind them. */
  searchPage(text: string, query?: {readonly limit?: number}): Promise<Page<User>>
  /** Changes the account that is signed in. */
  update(change: ProfileChange): Promise<User>
  /** The user of exactly that name. Throws `not_found`. */
  byName(username: string): Promise<User>
}

/** Makes the calls for users. */
export function createUsersApi(http: HttpClient): UsersApi {
  const searchPage: UsersApi['searchPage'] = async (text, {limit = 50} = {}) => {
    const query = {q: text, limit: pageLimit(limit)}
    const {data} = await http.request({method: 'GET', path: '/users/search', query})
    return decodePage(data, 'users', decodeUser, query.limit)
  }
  const search: UsersApi['search'] = async (text, query) => (await searchPage(text, query)).items
  return {
    me: async () => decodeUser((await http.request({method: 'GET', path: '/users/me'})).data),
    get: async id => decodeUser((await http.request({method: 'GET', path: `/users/${id}`})).data),
    search,
    searchPage,
    update: async ({username, email, status_message}) => {
      const body = {username, email, status_message}
      return decodeUser((await http.request({method: 'PUT', path: '/users/me', body})).data)
    },
    byName: async username => {
      const users = await search(username, {limit: 100})
      const user = users.find(candidate => candidate.username === username)
      if (user !== undefined) return user
      throw new VezaError('not_found', `there is no user "${printable(username)}"`, {
        hint: 'user names are matched exactly, upper and lower case too',
      })
    },
  }
}
