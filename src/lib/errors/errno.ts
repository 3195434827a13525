/** The system's own word for a failure, such as `ENOSPC`; `unknown error` where it has none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
