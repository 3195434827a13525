import type {ErrorCode} from '../errors/catalogue.js'

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'signed_out',
  403: 'forbidden',
  404: 'not_found',
  // The proxy between us and the server, not the server.
  407: 'unreachable',
  409: 'conflict',
  429: 'rate_limited',
}

const BY_SERVER_CODE: ReadonlyMap<string, ErrorCode> = new Map([
  ['INVALID_TOKEN', 'signed_out'],
  ['RATE_LIMIT_EXCEEDED', 'rate_limited'],
  ['ROOM_NOT_FOUND', 'not_found'],
  ['MESSAGE_TOO_LONG', 'refused'],
  ['PERMISSION_DENIED', 'forbidden'],
  ['USER_BLOCKED', 'conflict'],
  ['CONVERSATION_BLOCKED', 'conflict'],
  ['VALIDATION_FAILED', 'refused'],
  ['RESOURCE_CONFLICT', 'conflict'],
])

/**
 * The one table from an HTTP status (and the server's code, section 3 of the contract) to our error code. The status
 * decides, but for a block, which servers report as 403 or 409, and a failure under 2xx, where only the code speaks.
 */
export function errorCodeFor(status: number, serverCode: string | undefined, uploading = false): ErrorCode {
  const named = BY_SERVER_CODE.get(serverCode ?? '')
  if (status >= 500) return 'server_error'
  if (named === 'conflict') return named
  if (status === 413 && uploading) return 'file_too_large'
  if (status >= 400) return BY_STATUS[status] ?? 'refused'
  return status >= 300 ? 'not_protocol' : (named ?? 'refused')
}
