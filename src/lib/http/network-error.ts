import {VezaError} from '../errors/veza-error.js'
import {printable} from './printable.js'

const CERTIFICATE_CODES: ReadonlySet<string> = new Set([
  'CERT_CHAIN_TOO_LONG',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REJECTED',
  'CERT_REVOKED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_UNTRUSTED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

const CHECK_SERVER = 'check --server (VEZA_SERVER), and that the server is running'

interface Explanation {
  readonly problem: string
  readonly hint: string
  /** A second try must fail as well. */
  readonly permanent?: boolean
}

const BY_CODE: ReadonlyMap<string, Explanation> = new Map([
  ['ECONNREFUSED', {problem: 'the connection was refused', hint: CHECK_SERVER}],
  ['ENOTFOUND', {problem: 'there is no such host', hint: 'check the host name in --server (VEZA_SERVER)'}],
  [
    'EAI_AGAIN',
    {problem: 'the host name could not be looked up', hint: 'check the network and the name server'},
  ],
  ['ECONNRESET', {problem: 'the connection broke', hint: CHECK_SERVER}],
  ['EPIPE', {problem: 'the connection broke', hint: CHECK_SERVER}],
  ['ETIMEDOUT', {problem: 'the connection timed out', hint: 'check the network, a firewall or a proxy'}],
  ['EHOSTUNREACH', {problem: 'no route leads to the host', hint: 'check the network'}],
  ['ENETUNREACH', {problem: 'the network cannot be reached', hint: 'check the network'}],
  [
    'EPROTO',
    {
      problem: 'no TLS connection came about',
      hint: 'is it http:// rather than https://? check --server (VEZA_SERVER)',
      permanent: true,
    },
  ],
])

/** A network failure in plain words, and whether a second try must fail as well. */
export interface NetworkFailure {
  readonly error: VezaError
  readonly permanent: boolean
}

/**
 * The `unreachable` error for a failed connection to `server` (an origin): which failure it was, what to check.
 * `cause` is the system's error; its `address` is named, as it may be that of a proxy.
 */
export function networkFailure(cause: Error, server: string): NetworkFailure {
  const code = systemCode(cause)
  const {problem, hint, permanent = false} = explain(code, cause)
  const message = `cannot reach ${server}: ${problem}${peer(cause)} (${printable(code ?? cause.message, 80)})`
  return {error: new VezaError('unreachable', message, {hint, cause}), permanent}
}

function explain(code: string | undefined, cause: Error): Explanation {
  if (code !== undefined && CERTIFICATE_CODES.has(code)) {
    return {
      problem: 'its certificate is not trusted',
      hint: "if the server has a certificate of its own authority, name that authority's file with --ca",
      permanent: true,
    }
  }
  const known = BY_CODE.get(code?.startsWith('ERR_SSL_') ? 'EPROTO' : (code ?? ''))
  if (known !== undefined) return known
  // Node's parser: what answers there is no HTTP server.
  if (code?.startsWith('HPE_'))
    return {problem: 'what answers there speaks no HTTP', hint: CHECK_SERVER, permanent: true}
  return {problem: `the connection failed: ${printable(cause.message, 200)}`, hint: CHECK_SERVER}
}

/** The code of a system error; a host with several addresses fails with one error for all of them. */
export function systemCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined
  if ('code' in cause && typeof cause.code === 'string') return cause.code
  return 'errors' in cause && Array.isArray(cause.errors) ? systemCode(cause.errors[0]) : undefined
}

function peer(cause: Error): string {
  if (!('address' in cause) || typeof cause.address !== 'string') return ''
  return ` by ${cause.address}${'port' in cause && typeof cause.port === 'number' ? `:${cause.port}` : ''}`
}
