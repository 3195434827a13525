import type {TokenGrant, UnknownFields} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import type {HttpClient} from '../http/types.js'
import {decodeTokenGrant} from './decode.js'
import {decodeShape, type Field, INVALID, nullable, required, type Shape, text} from './shape.js'

/** What a sign-in needs. */
export interface LoginInput {
  readonly username: string
  readonly password: string
  /** Where the account has a second factor. */
  readonly totpCode?: string
}

/** An API key to make. What is left out is not sent, and the server decides. */
export interface NewApiKey {
  readonly name: string
  readonly permissions?: readonly string[] | undefined
  /** RFC 3339. */
  readonly expiresAt?: string | undefined
  /** Addresses, or ranges of them in CIDR notation. */
  readonly ipWhitelist?: readonly string[] | undefined
}

/** An API key that has just been made: the only time that a server shows it. */
export interface ApiKey extends UnknownFields {
  readonly key: string
  readonly name?: string
  readonly permissions?: readonly string[]
  readonly expires_at?: string | null
  readonly ip_whitelist?: readonly string[]
}

/** A second factor that has just been switched on: the only time that a server shows it. */
export interface SecondFactor extends UnknownFields {
  /** Base 32. */
  readonly secret?: string
  /** The same as a picture, a data URL. */
  readonly qr_code?: string
  readonly backup_codes?: readonly string[]
}

/** Section 2 of the contract. */
export interface AuthApi {
  /** Signs in. Throws `signed_out` where the server does not accept the credentials. */
  login(input: LoginInput): Promise<TokenGrant>
  /** Renews. Never repeated by itself: a refresh token is good once, its second use ends the session. */
  refresh(refreshToken: string): Promise<TokenGrant>
  /** Ends the session of the access token that the client carries. */
  logout(): Promise<void>
  /** Makes an API key for the account. */
  createApiKey(input: NewApiKey): Promise<ApiKey>
  /** Switches the second factor of the account on, with backup codes. */
  enableSecondFactor(): Promise<SecondFactor>
}

const texts: Field = {
  expected: 'a list of texts',
  parse: value => (Array.isArray(value) && value.every(item => typeof item === 'string') ? value : INVALID),
}

const API_KEY: Shape = {
  aliases: [{name: 'key', other: 'api_key'}],
  fields: [
    ['key', required(text)],
    ['name', text],
    ['permissions', texts],
    ['expires_at', nullable(text)],
    ['ip_whitelist', texts],
  ],
}

const SECOND_FACTOR: Shape = {
  fields: [
    ['secret', text],
    ['qr_code', text],
    ['backup_codes', texts],
  ],
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
    createApiKey: async ({name, permissions, expiresAt, ipWhitelist}) => {
      const body = {name, permissions, expires_at: expiresAt, ip_whitelist: ipWhitelist}
      const {data} = await http.request({method: 'POST', path: '/auth/api-keys', body})
      return decodeShape(API_KEY, data, 'API key') as ApiKey
    },
    enableSecondFactor: async () => {
      const body = {backup_codes: true}
      const {data} = await http.request({method: 'POST', path: '/auth/2fa/enable', body})
      return decodeShape(SECOND_FACTOR, data, 'second factor') as SecondFactor
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
