import type {TokenGrant} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import type {HttpClient} from '../http/types.js'
import {decodeTokenGrant} from './decode.js'

/** What a sign-in needs. */
export interface LoginInput {
  readonly username: string
  readonly password: string
  /** Where the account has a second factor. */
  readonly totpCode?: string
}

/** Section 2 of the contract. */
export interface AuthApi {
  /** Signs in. Throws `signed_out` where the server does not accept the credentials. */
  login(input: LoginInput): Promise<TokenGrant>
  /** Renews. Never repeated by itself: a refresh token is good once, its second use ends the session. */
  refresh(refreshToken: string): Promise<TokenGrant>
  /** Ends the session of the access token that the client carries. */
  logout(): Promise<void>
}

/** Makes the calls of section 2. */
export function createAuthApi(http: HttpClient): AuthApi {
  return {
    login: input => login(http, input),
    refresh: async refreshToken => {
      const body = {refresh_token: refreshToken}
      const {data} = await http.request({method: 'POST', path: '/auth/refresh', body, anonymous: true})
      return decodeTokenGrant(data)
    },
    logout: async () => {
      await http.request({method: 'POST', path: '/auth/logout'})
    },
  }
}

async function login(http: HttpClient, {username, password, totpCode}: LoginInput): Promise<TokenGrant> {
  const body = {username, password, ...(totpCode === undefined ? {} : {totp_code: totpCode})}
  try {
    const {data} = await http.request({method: 'POST', path: '/auth/login', body, anonymous: true})
    return decodeTokenGrant(data)
  } catch (error) {
    throw error instanceof VezaError && error.code === 'signed_out' ? wrongCredentials(error) : error
  }
}

/** The advice to sign in is of no use to somebody who just tries to. */
function wrongCredentials({message, status, serverCode, requestId}: VezaError): VezaError {
  const hint =
    'check the user name, the password and, where the account has one, the code of the second factor'
  return new VezaError('signed_out', message, {status, serverCode, requestId, hint})
}
