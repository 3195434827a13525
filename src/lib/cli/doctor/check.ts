import {VezaError} from '../../errors/veza-error.js'
import type {CheckStatus} from '../../output/views/finding.js'

/** What one check found. */
export interface Verdict {
  readonly status: CheckStatus
  /** One line. Never a secret. */
  readonly detail: string
  readonly hint?: string | undefined
  /** Why it failed; decides the exit code. */
  readonly error?: VezaError
}

/** All is well. */
export function ok(detail: string): Verdict {
  return {status: 'ok', detail}
}

/** It works, or is not needed now, but somebody should know. */
export function warning(detail: string, hint?: string): Verdict {
  return {status: 'warning', detail, hint}
}

/** It could not be tried, or there is nothing to try. */
export function skipped(detail: string): Verdict {
  return {status: 'skipped', detail}
}

/** It does not work. */
export function failed(error: VezaError): Verdict {
  return {status: 'failed', detail: error.message, hint: error.hint, error}
}

/** How long a check may take, and what ends it early. */
export interface Bounds {
  readonly timeoutMs: number
  /** Aborted when the command must end. */
  readonly signal: AbortSignal
}

/**
 * Runs a check to its verdict. An error of ours is a verdict, too, and so is the end of its time: then its signal is
 * aborted, and it is waited for no longer, whether it heeds that or not.
 * @throws the reason of `signal`, and what is no VezaError.
 */
export async function verdictOf<V extends Verdict>(
  check: (signal: AbortSignal) => Promise<V>,
  {timeoutMs, signal}: Bounds,
): Promise<V | Verdict> {
  signal.throwIfAborted()
  const ending = new AbortController()
  const stop = (): void => ending.abort(signal.reason)
  const timer = setTimeout(() => ending.abort(tooSlow(timeoutMs)), timeoutMs)
  signal.addEventListener('abort', stop, {once: true})
  try {
    return await Promise.race([check(ending.signal), rejection(ending.signal)])
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof VezaError) return failed(error)
    throw error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {once: true})
  })
}

function tooSlow(timeoutMs: number): VezaError {
  return new VezaError('unreachable', `no end within ${timeoutMs / 1000} s`, {
    hint: 'check what stands between this machine and the server',
  })
}
