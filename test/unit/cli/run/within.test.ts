import {expect, test} from 'vitest'
import {within} from '../../../../src/lib/cli/run/within.js'

test('gives what is there in time, result or failure', async () => {
  expect(await within(60_000, Promise.resolve(7))).toBe(7)
  const failure = new Error('no')
  await expect(within(60_000, Promise.reject(failure))).rejects.toBe(failure)
})

test('does not wait longer than it may, and what fails later harms nobody', async () => {
  let fail: (error: Error) => void = () => undefined
  const work = new Promise<never>((_, reject) => {
    fail = reject
  })
  await expect(within(5, work)).rejects.toMatchObject({
    code: 'unreachable',
    message: 'no answer within 0.005 s',
  })
  fail(new Error('late'))
})
