import type {Page, User} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {printable} from '../http/printable.js'
import type {HttpClient} from '../http/types.js'
import {decodePage, decodeUser} from './decode.js'
import {suggestNames} from './near-names.js'
import {MAX_PAGE_SIZE, pageLimit} from './paging.js'

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
  const begun = new Map<string, Promise<readonly User[]>>()
  /**
   * A server finds by parts of names, so that one with a slip in it is found by how it begins. Asked once for each beginning:
   * a list of many names may be wrong altogether.
   */
  const alike = (username: string): Promise<readonly User[]> => {
    const beginning = [...username].slice(0, 2).join('')
    const known = begun.get(beginning) ?? search(beginning, {limit: MAX_PAGE_SIZE}).catch(() => [])
    begun.set(beginning, known)
    return known
  }
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
      const {items, has_more} = await searchPage(username, {limit: MAX_PAGE_SIZE})
      const user = items.find(candidate => candidate.username === username)
      if (user !== undefined) return user
      if (has_more) throw lostInCrowd(username, items.length)
      throw await noSuchUser(username, [...items, ...(await alike(username))])
    },
  }
}

async function noSuchUser(username: string, others: readonly User[]): Promise<VezaError> {
  const names = others.map(other => other.username)
  const hint =
    (await suggestNames(username, names)) ?? 'user names are matched exactly, upper and lower case too'
  return new VezaError('not_found', `there is no user "${printable(username)}"`, {hint})
}

/** There is no way to the users behind the first that a server finds (section 4 of the contract). */
function lostInCrowd(username: string, shown: number): VezaError {
  return new VezaError(
    'not_found',
    `there is no user "${printable(username)}" among the first ${shown} that the server finds`,
    {hint: 'name the user by id'},
  )
}
