import {VezaError} from '../errors/veza-error.js'

/** Throws the reason of the first signal that fired, or `interrupted` where that is no VezaError. */
export function throwIfAborted(...signals: readonly (AbortSignal | undefined)[]): void {
  for (const signal of signals) {
    if (!signal?.aborted) continue
    if (signal.reason instanceof VezaError) throw signal.reason
    throw new VezaError('interrupted', 'interrupted', {cause: signal.reason})
  }
}
