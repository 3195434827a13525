import type {RateBudget} from '../../http/types.js'
import {LeaseUnsure} from '../../relay/stream-worker.js'

/**
 * The budget of an account, for who may send only while a lease is sure: in line for its turn a message may wait for
 * minutes, and the lease may be lost meanwhile.
 * @param stopping aborted: nobody waits in line any more.
 * @throws {LeaseUnsure} from `take`, when the turn has come and the lease is not sure.
 */
export function guardedBudget(budget: RateBudget, isSure: () => boolean, stopping: AbortSignal): RateBudget {
  return {
    take: async (signal, ...rest) => {
      const waitedMs = await untilEither(signal, stopping, either => budget.take(either, ...rest))
      if (!isSure()) throw new LeaseUnsure()
      return waitedMs
    },
    note: words => budget.note(words),
  }
}

/** With a signal that is aborted with either. Not by `AbortSignal.any`, which leaves something with them at each call. */
async function untilEither<T>(
  signal: AbortSignal | undefined,
  stopping: AbortSignal,
  work: (either: AbortSignal) => Promise<T>,
): Promise<T> {
  const either = new AbortController()
  const sources = signal === undefined ? [stopping] : [signal, stopping]
  const abort = (): void => either.abort(sources.find(({aborted}) => aborted)?.reason)
  for (const source of sources) source.addEventListener('abort', abort)
  if (sources.some(({aborted}) => aborted)) abort()
  try {
    return await work(either.signal)
  } finally {
    for (const source of sources) source.removeEventListener('abort', abort)
  }
}
