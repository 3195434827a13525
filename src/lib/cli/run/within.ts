import {setTimeout as sleep} from 'node:timers/promises'
import {VezaError} from '../../errors/veza-error.js'

/** The result of a work, if it is there in time; what comes later is dropped. @throws {VezaError} `unreachable` after the time. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const over = new AbortController()
  const limit = sleep(limitMs, undefined, {signal: over.signal}).then(
    () => {
      throw new VezaError('unreachable', `no answer within ${limitMs / 1000} s`)
    },
    () => work,
  )
  work.catch(() => undefined)
  try {
    return await Promise.race([work, limit])
  } finally {
    over.abort()
    limit.catch(() => undefined)
  }
}
