/** A refusal: the HTTP status and the `error` object of section 3, or the data of an `error` frame. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError'

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message)
  }
}

export const invalidToken = (message: string): SandboxError => new SandboxError(401, 'INVALID_TOKEN', message)

export const denied = (message: string): SandboxError => new SandboxError(403, 'PERMISSION_DENIED', message)

export const conflict = (message: string): SandboxError => new SandboxError(409, 'RESOURCE_CONFLICT', message)

/** A field that is missing or wrong; `details.field` names it. */
export const invalid = (field: string, problem: string): SandboxError =>
  new SandboxError(422, 'VALIDATION_FAILED', `${field} ${problem}`, {field, problem})

/** `kind` is a resource in the singular: `notFound('room')` has the code ROOM_NOT_FOUND. */
export const notFound = (kind: string): SandboxError =>
  new SandboxError(404, `${kind.toUpperCase()}_NOT_FOUND`, `There is no such ${kind}`)

/** What a thrown value is worth to a client: a refusal as it is, anything else as a bare 500 that tells nothing. */
export function toSandboxError(thrown: unknown): SandboxError {
  if (thrown instanceof SandboxError) return thrown
  const status = statusOf(thrown)
  if (status === 413)
    return new SandboxError(413, 'PAYLOAD_TOO_LARGE', 'The body is larger than this server takes')
  if (status !== undefined && status >= 400 && status < 500) {
    return new SandboxError(status, 'VALIDATION_FAILED', 'The request cannot be understood')
  }
  return new SandboxError(500, 'INTERNAL_ERROR', 'The server failed')
}

function statusOf(thrown: unknown): number | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('statusCode' in thrown)) return undefined
  return typeof thrown.statusCode === 'number' ? thrown.statusCode : undefined
}
