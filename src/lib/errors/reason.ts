/**
 * Why something failed, in one word that holds no address and no password: a code of the system, the first word of what
 * Redis said, or the kind of error.
 */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error'
  if ('code' in error && typeof error.code === 'string') return error.code
  return /^[A-Z]{4,}(?= )/.exec(error.message)?.[0] ?? error.constructor.name
}
