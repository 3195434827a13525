import type {VezaError} from '../../errors/veza-error.js'
import {throwIfAborted} from '../../http/abort.js'
import {retryDelayMs} from '../../http/retry-policy.js'

/** A try that brought less is one of those that are counted: else a server could keep us for each single byte. */
const ENOUGH_BYTES = 64 * 1024

/** How a transfer that breaks is tried again. */
export interface TriesOptions {
  /** Tries in a row without progress, after the first. */
  readonly retries: number
  readonly signal: AbortSignal
  /** At least 0, less than 1. */
  readonly random: () => number
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<unknown>
  /** The sink has so many bytes of the file now. */
  onBytes(size: number): void
  /** The transfer broke and is taken up again after `delayMs`. */
  onBreak(reason: string, delayMs: number): void
}

/** The tries of one transfer. */
export interface Tries {
  /** So many new bytes came; the sink has `size` now. */
  gained(bytes: number, size: number): void
  /** Waits before the next try. Throws `failure` where there is none, and the reason of the signal. */
  wait(failure: VezaError): Promise<void>
}

/** Counts the tries of a transfer, and waits between them as any other call does. */
export function createTries(options: TriesOptions): Tries {
  const {retries, signal, random, sleep} = options
  let failed = 0
  let gainedBytes = 0
  return {
    gained: (bytes, size) => {
      gainedBytes += bytes
      options.onBytes(size)
    },
    wait: async failure => {
      failed = gainedBytes >= ENOUGH_BYTES ? 1 : failed + 1
      gainedBytes = 0
      const delayMs = retryDelayMs(failed, true, {kind: 'truncated'}, {retries, maxWaitMs: 0}, random())
      if (delayMs === undefined) throw failure
      options.onBreak(failure.message, delayMs)
      try {
        await sleep(delayMs, signal)
      } catch (error) {
        throwIfAborted(signal)
        throw error
      }
    },
  }
}
