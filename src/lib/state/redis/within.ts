/**
 * Rejects with `ETIMEDOUT` when the promise takes longer: a connection whose other end is gone never answers.
 * @param limitMs in milliseconds
 */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = Object.assign(new Error(`no answer within ${limitMs / 1000} s`), {code: 'ETIMEDOUT'})
    timer = setTimeout(() => reject(error), limitMs)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
