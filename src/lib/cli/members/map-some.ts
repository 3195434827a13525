import {VezaError} from '../../errors/veza-error.js'

/**
 * As `map`, with `atOnce` under way at most; the results in order. Where a call is rate limited one is under way less, and the
 * call is made again: a limit that turns many away lets one by one through.
 * @throws the first failure but that, and `rate_limited` of a call that was alone; nothing new is begun then.
 */
export async function mapSome<T, R>(
  items: readonly T[],
  atOnce: number,
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = []
  const left = [...items.entries()].reverse()
  let hasFailed = false
  const work = async (isAlone: boolean): Promise<void> => {
    for (let next = left.pop(); next !== undefined && !hasFailed; next = left.pop()) {
      const [index, item] = next
      try {
        results[index] = await map(item)
      } catch (error) {
        hasFailed ||= isAlone || !isRateLimited(error)
        if (hasFailed) throw error
        left.push(next)
        return
      }
    }
  }
  await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, () => work(false)))
  // What was given back by the last ones.
  await work(true)
  return results
}

function isRateLimited(error: unknown): boolean {
  return error instanceof VezaError && error.code === 'rate_limited'
}
