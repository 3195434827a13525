import {VezaError} from '../errors/veza-error.js'

/** Throws the reason of the first signal that fired, or `interrupted` where that is no VezaError. */
export function throwIfAborted(...signals: readonly (AbortSignal | undefined)[]): void {
  for (const signal of signals) {
    if (!signal?.aborted) continue
    if (signal.reason instanceof VezaError) throw signal.reason
    throw new VezaError('interrupted', 'interrupted', {cause: signal.reason})
  }
}

/**
 * Aborted when any of them is. One alone is given back as it is: in Node 20 each signal that depends on another leaves some
 * bytes with that one for good, which counts where it lives for months.
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const [only, ...others] = signals
  return only !== undefined && others.length === 0 ? only : AbortSignal.any([...signals])
}
