import {describe, expect, test} from 'vitest'
import {persist} from '../../../../src/lib/cli/bot/persist.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

/** Fails with each of the errors, then succeeds; the delays that were waited. */
async function run(errors: readonly Error[], random = 0) {
  const delays: number[] = []
  let at = 0
  const result = await persist(
    async () => {
      const error = errors[at++]
      if (error !== undefined) throw error
      return 'done'
    },
    {sleep: async ms => void delays.push(ms), random: () => random, onWait: () => undefined},
  )
  return {result, delays}
}

const down = new VezaError('unreachable', 'down')

describe('persist', () => {
  test('goes on through what passes, each time later, up to a minute', async () => {
    const {result, delays} = await run(Array.from({length: 9}, () => down))
    expect(result).toBe('done')
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
  })

  test('a page of a proxy passes, too, and what the server asks for is kept', async () => {
    const wait = new VezaError('rate_limited', 'slow down', {retryAfterMs: 9000})
    expect(await run([new VezaError('not_protocol', 'HTML'), wait])).toEqual({
      result: 'done',
      delays: [500, 9000],
    })
  })

  test.each(['signed_out', 'forbidden', 'refused', 'timeout', 'interrupted', 'bug'] as const)(
    'not through %s',
    async code => {
      await expect(run([new VezaError(code, 'no')])).rejects.toMatchObject({code})
    },
  )

  test('what the server itself fails over again and again is given up, an outage is not', async () => {
    const failing = (status: number) => new VezaError('server_error', 'failed', {status})
    await expect(run(Array.from({length: 10}, () => failing(500)))).rejects.toMatchObject({status: 500})
    expect((await run(Array.from({length: 9}, () => failing(500)))).result).toBe('done')
    expect((await run(Array.from({length: 50}, () => failing(503)))).result).toBe('done')
  })

  test('an end while it waits ends it', async () => {
    const options = {random: () => 0, onWait: () => undefined}
    const failing = () => Promise.reject(down)
    const sleep = () => Promise.reject(new Error('aborted'))
    await expect(persist(failing, {...options, sleep})).rejects.toThrow('aborted')
  })
})
