import type {JWTPayload} from 'jose'
import {VezaError} from '../errors/veza-error.js'

/** The algorithms that the contract's tokens may be signed with: the HMAC family only (section 2). */
const ALGORITHMS = ['HS256', 'HS384', 'HS512']

/** How a token is to be verified. */
export interface VerifyOptions {
  /** What the server signs with, byte for byte. */
  readonly secret: Uint8Array
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** A token counts as good for so long after its end and before its beginning. Default: 0. */
  readonly leewayMs?: number
}

/** A token whose signature and times hold. */
export interface VerifiedToken {
  readonly algorithm: string
  /** All claims, as they stand in the token. */
  readonly claims: JWTPayload
}

/**
 * Verifies an access token without asking the server: its signature under a shared secret, HS256, HS384 or HS512 and
 * nothing else, and its times (section 2 of the contract). No error repeats any part of the token or the secret.
 * @throws {VezaError} `signed_out`, with the reason, for a token that is malformed, signed otherwise, not yet good or
 * over; `usage` for an empty secret.
 */
export async function verifyToken(token: string, options: VerifyOptions): Promise<VerifiedToken> {
  const {secret, nowMs, leewayMs = 0} = options
  if (secret.length === 0) throw new VezaError('usage', 'the secret is empty')
  const algorithm = algorithmOf(token)
  if (isPublicKey(secret)) throw publicSecret()
  const {jwtVerify} = await import('jose/jwt/verify')
  try {
    const {payload} = await jwtVerify(token, secret, {
      algorithms: ALGORITHMS,
      currentDate: new Date(nowMs),
      clockTolerance: leewayMs / 1000,
    })
    return {algorithm, claims: payload}
  } catch (error) {
    throw explained(error)
  }
}

/** What stands in the header, once the token has the form of one that could be verified at all. */
function algorithmOf(token: string): string {
  const parts = token.split('.')
  if (parts.length !== 3) throw refused(`it has ${parts.length} parts where a JWT has 3`)
  const algorithm = headerOf(parts[0] ?? '').alg
  if (typeof algorithm !== 'string') throw refused('its header names no algorithm')
  if (algorithm.toLowerCase() === 'none') throw refused('it is not signed (alg: none)')
  if (!ALGORITHMS.includes(algorithm)) {
    const shown = /^[A-Za-z0-9-]{1,20}$/.test(algorithm) ? algorithm : 'an algorithm of its own'
    throw refused(`it is signed with ${shown}, accepted are ${ALGORITHMS.join(', ')} only`)
  }
  for (const [index, name] of ['header', 'payload', 'signature'].entries()) {
    if (parts[index] === '') throw refused(`its ${name} is missing`)
    if (!isBase64Url(parts[index] ?? '')) throw refused(`its ${name} is not base64url`)
  }
  return algorithm
}

function headerOf(part: string): Readonly<Record<string, unknown>> {
  try {
    const header: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof header === 'object' && header !== null && !Array.isArray(header)) return {...header}
  } catch {
    // No JSON: refused like anything else that is no object.
  }
  throw refused('its header is not a JSON object')
}

/** Exactly what an encoder writes: other spellings of the same bytes would be tokens that nobody has signed. */
function isBase64Url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part
}

/**
 * Whether the secret is one that everybody may know. Under it anybody could sign a token with HMAC: the confusion of
 * RS256 with HS256.
 */
function isPublicKey(secret: Uint8Array): boolean {
  const text = Buffer.from(secret).toString('latin1')
  return /-----BEGIN [A-Z ]*(PUBLIC KEY|CERTIFICATE)-----|^\s*\{[\s\S]*"kty"\s*:\s*"(RSA|EC|OKP)"/.test(text)
}

/** The reason of a refusal by jose, told by its documented code. */
function explained(error: unknown): VezaError {
  const {code, claim, payload} = error as {code?: string; claim?: string; payload?: JWTPayload}
  switch (code) {
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return refused('its signature is wrong', 'it was changed, or signed with another secret')
    case 'ERR_JWT_EXPIRED':
      return refused(`it ended at ${moment(payload?.exp)}`, 'renew the session with: veza auth refresh')
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return claim === 'nbf' && typeof payload?.nbf === 'number'
        ? refused(
            `it is not good before ${moment(payload.nbf)}`,
            'check the clock, or allow for it with --leeway',
          )
        : refused(`its claim ${claim} is not what it should be`)
    case 'ERR_JOSE_NOT_SUPPORTED':
      return refused('its header asks for what is not known here')
    default:
      return refused('it is not a JWT')
  }
}

/** A claim's time for a person; it may be beyond all dates. */
function moment(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1000)
  return Number.isNaN(date.getTime()) ? 'a time that is none' : date.toISOString()
}

function publicSecret(): VezaError {
  return refused(
    'the secret is a public key, under which anybody could have signed it',
    'give the secret that the server signs its tokens with',
  )
}

function refused(reason: string, hint?: string): VezaError {
  return new VezaError('signed_out', `the token is not valid: ${reason}`, {hint})
}
