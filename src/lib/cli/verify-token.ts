import {type VerifiedToken, verifyToken} from '../auth/verify.js'
import {VezaError} from '../errors/veza-error.js'
import type {Io} from '../output/io.js'
import type {VerifiedRecord} from '../output/views/token.js'
import type {Context} from './context.js'
import {probe} from './doctor/probe.js'
import {requiredSecret} from './required-secret.js'
import {accessToken} from './session-actions.js'
import {readJwtSecret} from './verify-secret.js'

/** A clock that nobody asked for by name must not hold up a local check. */
const CLOCK_TIMEOUT_MS = 3000

/** What the flags and the argument of `auth verify` say. */
export interface VerifyRequest {
  /** `-` for stdin. */
  readonly source: string | undefined
  readonly tokenStdin: boolean
  readonly secretFile: string | undefined
  readonly leewayMs: number | undefined
}

/**
 * Verifies a token from stdin, or the one in use, and compares the clocks where the server can be asked.
 * @throws {VezaError} `usage` for a missing secret or a token as an argument, `signed_out` with the reason for a token
 * that is not valid or where there is none.
 */
export async function verifyGiven(context: Context, io: Io, request: VerifyRequest): Promise<VerifiedRecord> {
  const {secretFile, leewayMs = 0} = request
  const fromStdin = isFromStdin(request)
  const secret = await readJwtSecret(secretFile, context.environment)
  const token = fromStdin ? await readToken(context, io) : await accessToken(context)
  const nowMs = Date.now()
  const verified = await verifyToken(token, {secret, nowMs, leewayMs})
  return recordOf(verified, nowMs, await clockSkewMs(context))
}

function isFromStdin({source, tokenStdin}: VerifyRequest): boolean {
  if (source !== undefined && source !== '-') {
    // It may be a token: then it is in the shell's history already, and at least not repeated here.
    throw new VezaError('usage', 'a token is not given as an argument', {
      hint: 'pipe it in, with - or --token-stdin; without either the token in use is verified',
    })
  }
  return tokenStdin || source === '-'
}

async function readToken(context: Context, io: Io): Promise<string> {
  return (await requiredSecret(context, io, 'token')).trim()
}

/** Undefined where the server cannot be asked, which is no failure. */
async function clockSkewMs({network, settings, signal}: Context): Promise<number | undefined> {
  const request = {network, base: settings.server, path: '/health', timeoutMs: CLOCK_TIMEOUT_MS, signal}
  try {
    return (await probe(request)).skewMs
  } catch (error) {
    if (!(error instanceof VezaError) || signal.aborted) throw error
    return undefined
  }
}

function recordOf(
  {algorithm, claims}: VerifiedToken,
  nowMs: number,
  skewMs: number | undefined,
): VerifiedRecord {
  const endsMs = claims.exp === undefined ? undefined : claims.exp * 1000
  return {
    algorithm,
    claims,
    issued_at: timeOf(claims.iat),
    expires_at: timeOf(claims.exp),
    remaining_ms: endsMs === undefined ? undefined : endsMs - nowMs,
    clock_skew_ms: skewMs,
  }
}

function timeOf(seconds: number | undefined): string | undefined {
  const date = new Date((seconds ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}
