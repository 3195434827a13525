import type {LoginInput} from '../api/auth.js'
import type {SignedIn} from '../auth/accounts.js'
import {apiKeySource, bearerSource} from '../auth/session.js'
import {tokensFromGrant} from '../auth/token-set.js'
import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import type {Context} from './context.js'
import {assertCredentials, type CredentialSources, readCredentials} from './credentials.js'
import {askText, mayAsk} from './prompt.js'
import {requiredSecret} from './required-secret.js'

/** The ways to sign in that the flags of `auth login` choose from. */
export interface SignInFlags {
  readonly username?: string | undefined
  readonly totp?: string | undefined
  readonly 'password-stdin'?: boolean
  readonly 'api-key-stdin'?: boolean
  readonly 'with-token'?: boolean
}

/**
 * Checks what can be known before anything is tried or asked.
 * @throws {VezaError} `usage` for two ways at once, or for a missing part that nobody can be asked for.
 */
export function assertMayAuthenticate(context: Context, io: Io, flags: SignInFlags): void {
  const ways = [flags['password-stdin'], flags['api-key-stdin'], flags['with-token']].filter(Boolean)
  if (ways.length > 1) {
    throw new VezaError('usage', 'stdin can hold a password, an API key or a token, not two of them')
  }
  if (flags['api-key-stdin'] || flags['with-token']) return
  assertCredentials(credentialSources(context, io, flags))
}

/** Checks that the session is not to be kept in two ways. @throws {VezaError} `usage`. */
export function assertOneStorage(flags: {'insecure-storage': boolean; 'require-keychain': boolean}): void {
  if (!flags['insecure-storage'] || !flags['require-keychain']) return
  throw new VezaError('usage', '--insecure-storage and --require-keychain do not go together')
}

/**
 * Signs in as the flags say: with user name and password (and the code of a second factor where the server wants it),
 * an API key or an access token. Who it is, the server says.
 * @throws {VezaError} `usage` for a missing part, `signed_out` when the server refuses.
 */
export async function authenticate(context: Context, io: Io, flags: SignInFlags): Promise<SignedIn> {
  const secret = (what: string): Promise<string> => requiredSecret(context, io, what)
  if (flags['api-key-stdin']) return withApiKey(context, await secret('API key'))
  if (flags['with-token']) return withToken(context, await secret('token'))
  return withPassword(context, io, flags)
}

async function withApiKey(context: Context, apiKey: string): Promise<SignedIn> {
  const user = await context.apiOf(apiKeySource(apiKey)).users.me()
  return {user, credential: {apiKey}}
}

async function withToken(context: Context, accessToken: string): Promise<SignedIn> {
  const user = await context.apiOf(bearerSource(accessToken)).users.me()
  const {skewMs} = context.network
  return {user, credential: tokensFromGrant({access_token: accessToken}, {nowMs: Date.now(), skewMs})}
}

async function withPassword(context: Context, io: Io, flags: SignInFlags): Promise<SignedIn> {
  const {environment} = context
  const {username, password} = await readCredentials(credentialSources(context, io, flags))
  const grant = await login(context, io, {
    username,
    password,
    totpCode: flags.totp ?? environment.get('VEZA_TOTP'),
  })
  const {skewMs} = context.network
  const credential = tokensFromGrant(grant, {nowMs: Date.now(), skewMs})
  const user = grant.user ?? (await context.apiOf(bearerSource(grant.access_token)).users.me())
  return {user, credential}
}

function credentialSources(context: Context, io: Io, flags: SignInFlags): CredentialSources {
  const {environment, noInput, settings, signal} = context
  const username = flags.username ?? settings.username
  return {username, passwordStdin: flags['password-stdin'] === true, noInput, environment, io, signal}
}

/** The code of the second factor is asked for when the server says that it wants one. */
async function login(context: Context, io: Io, input: LoginInput) {
  try {
    return await context.anonymousApi.auth.login(input)
  } catch (error) {
    if (input.totpCode !== undefined || !wantsSecondFactor(error)) throw error
    if (!mayAsk(io, context.noInput, context.environment)) throw codeMissing(error)
    const totpCode = await askText(io, 'Code of the second factor', context.signal)
    return context.anonymousApi.auth.login({...input, totpCode})
  }
}

/** The contract names no code for it; servers use one of these words. */
function wantsSecondFactor(error: unknown): error is VezaError {
  return error instanceof VezaError && /TOTP|2FA|MFA|SECOND_FACTOR|OTP_REQUIRED/i.test(error.serverCode ?? '')
}

function codeMissing({message, status, serverCode, requestId}: VezaError): VezaError {
  const hint = 'give the code of the second factor with --totp or VEZA_TOTP'
  return new VezaError('signed_out', message, {hint, status, serverCode, requestId})
}
