import {PassThrough} from 'node:stream'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {readSecret} from '../../../src/lib/cli/secret-input.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

const KIB = 1024

/** Stdin with these chunks waiting. */
function stdinOf(chunks: readonly (string | Buffer)[], ended = true): PassThrough {
  const stdin = new PassThrough({highWaterMark: 1024 * KIB})
  for (const chunk of chunks) stdin.write(chunk)
  if (ended) stdin.end()
  return stdin
}

const read = (stdin: PassThrough, signal = new AbortController().signal): Promise<string | undefined> =>
  readSecret(stdin, 'the API key', signal)

async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('a secret on stdin', () => {
  it.each<[readonly (string | Buffer)[], string]>([
    [['secret\n'], 'secret'],
    [['secret'], 'secret'],
    [['secret\r\n'], 'secret'],
    [['se', 'cr', 'et\nmore'], 'secret'],
    [['secret\r', '\nmore'], 'secret'],
    [[' with spaces \n'], ' with spaces '],
    [['\ufeffsecret\r\n'], 'secret'],
    [[Buffer.from('zoë 😀\n').subarray(0, 7), Buffer.from('zoë 😀\n').subarray(7)], 'zoë 😀'],
  ])('is the first line of %j', async (chunks, secret) => {
    expect(await read(stdinOf(chunks))).toBe(secret)
  })

  it('is read however the pipe cuts it', async () => {
    const texts = fc.string({unit: 'grapheme', minLength: 1}).filter(text => !/[\r\n]|^\ufeff/.test(text))
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({min: 1, max: 5}), async (text, size) => {
        const bytes = Buffer.from(`${text}\nnext`)
        const chunks = Array.from({length: Math.ceil(bytes.length / size)}, (_, nth) =>
          bytes.subarray(nth * size, (nth + 1) * size),
        )
        expect(await read(stdinOf(chunks))).toBe(text)
      }),
    )
  })

  it('is taken as soon as its line is there, the pipe may stay open', async () => {
    expect(await read(stdinOf(['secret\n'], false))).toBe('secret')
  })

  it.each([[[]], [['\n']], [['\r\nsecret\n']], [['\ufeff\n']]])('is missing in %j', async chunks => {
    expect(await read(stdinOf(chunks))).toBeUndefined()
  })

  it('of 64 KiB is taken, and a longer one is not waited for', async () => {
    const longest = 'x'.repeat(64 * KIB)
    expect(await read(stdinOf([longest]))).toBe(longest)
    const error = await failure(read(stdinOf([longest, 'y'], false)))
    expect([error.code, error.message]).toEqual(['usage', 'the API key on stdin is longer than 64 KiB'])
  })
})

describe('an abort', () => {
  it('ends the wait and closes stdin, and nothing of the secret is told', async () => {
    const controller = new AbortController()
    const stdin = stdinOf(['hunt'], false)
    const reading = failure(read(stdin, controller.signal))
    await new Promise(resolve => setImmediate(resolve))
    controller.abort()
    expect((await reading).message).not.toContain('hunt')
    expect(stdin.destroyed).toBe(true)
  })

  it('from before is noticed', async () => {
    const stdin = stdinOf([], false)
    await failure(read(stdin, AbortSignal.abort()))
    expect(stdin.destroyed).toBe(true)
  })
})

describe('a stdin that fails', () => {
  it('is told as a file that cannot be read', async () => {
    const stdin = stdinOf(['hunt'], false)
    const reading = failure(read(stdin))
    stdin.destroy(Object.assign(new Error('EIO: i/o error, read'), {code: 'EIO'}))
    expect((await reading).code).toBe('file_unreadable')
  })
})
