import {describe, expect, test} from 'vitest'
import {failed, ok, verdictOf, warning} from '../../../../src/lib/cli/doctor/check.js'
import {checkClock} from '../../../../src/lib/cli/doctor/clock.js'
import {checkProxy} from '../../../../src/lib/cli/doctor/proxy.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const never = new AbortController().signal
const bounds = (timeoutMs = 5000, signal = never) => ({timeoutMs, signal})

describe('a check within its bounds', () => {
  test('ends with its verdict', async () => {
    expect(await verdictOf(async () => ok('fine'), bounds())).toEqual({status: 'ok', detail: 'fine'})
    expect(await verdictOf(async () => warning('so', 'do'), bounds())).toMatchObject({hint: 'do'})
  })

  test('an error of ours is a failure with its message, hint and code', async () => {
    const error = new VezaError('signed_out', 'over', {hint: 'again'})
    const verdict = await verdictOf(() => Promise.reject(error), bounds())
    expect(verdict).toEqual({status: 'failed', detail: 'over', hint: 'again', error})
    expect(verdict).toEqual(failed(error))
  })

  test('any other error is a defect and passes', async () => {
    await expect(verdictOf(() => Promise.reject(new TypeError('oops')), bounds())).rejects.toThrow('oops')
  })

  test('one that never ends, deaf to its signal, is ended', async () => {
    let heard: AbortSignal | undefined
    const deaf = (signal: AbortSignal): Promise<never> => {
      heard = signal
      return new Promise(() => undefined)
    }
    const verdict = await verdictOf(deaf, bounds(20))
    expect(verdict).toMatchObject({
      status: 'failed',
      detail: 'no end within 0.02 s',
      error: {code: 'unreachable'},
    })
    expect(heard?.aborted).toBe(true)
  })

  test('the end of the command ends it with the reason of that', async () => {
    const ending = new AbortController()
    const reason = new VezaError('interrupted', 'interrupted')
    const running = verdictOf(() => new Promise<never>(() => undefined), bounds(5000, ending.signal))
    ending.abort(reason)
    await expect(running).rejects.toBe(reason)
    await expect(verdictOf(async () => ok('late'), bounds(5000, ending.signal))).rejects.toBe(reason)
  })
})

describe('the clock', () => {
  test.each([
    [0, 'ok', 'the same as the server’s'],
    [400, 'ok', 'the same as the server’s'],
    [5000, 'ok', '5 s behind the server’s'],
    [-4000, 'ok', '4 s ahead of the server’s'],
    [5001, 'warning', '5 s behind the server’s'],
    [-3_600_000, 'warning', '3600 s ahead of the server’s'],
  ])('a server that is %d ms ahead is %s', (skewMs, status, detail) => {
    expect(checkClock(skewMs)).toMatchObject({status, detail})
  })

  test('a server that tells no time is nothing to warn of', () => {
    expect(checkClock(undefined).status).toBe('skipped')
  })
})

describe('the proxy', () => {
  const over = (proxy: string) => checkProxy('https://chat.example.org', () => proxy)

  test.each([
    ['', 'none, the connection is direct'],
    ['http://proxy:3128', 'http://proxy:3128'],
    ['http://me:s3cret@proxy:3128/', 'http://***:***@proxy:3128'],
    ['https://s3cret@proxy', 'https://***:***@proxy'],
  ])('%s is shown as %s', async (proxy, detail) => {
    expect(await over(proxy)).toEqual({status: 'ok', detail})
  })

  test('an address that is none is a fault of the configuration, and is not repeated', async () => {
    const error = await over('me:s3cret@proxy').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({code: 'config', hint: expect.stringMatching(/HTTPS_PROXY/)})
    expect(String(error)).not.toContain('s3cret')
  })

  test('by default the variables of the environment decide', async () => {
    expect((await checkProxy('http://127.0.0.1:1')).status).toBe('ok')
  })
})
