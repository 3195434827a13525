import {expect, test} from 'vitest'
import {hasLeft} from '../../../../src/lib/cli/tail/has-left.js'

const running = new AbortController().signal

test('output that the system has, has left; what could not be written has not', async () => {
  expect(await hasLeft({flush: async () => undefined}, running)).toBe(true)
  expect(await hasLeft({flush: () => Promise.reject(new Error('full'))}, running)).toBe(false)
})

test('a slow reader is waited for, after a signal too where it reads on', async () => {
  let read = (): void => undefined
  const flush = (): Promise<void> => new Promise(resolve => (read = resolve))
  const slow = [hasLeft({flush}, running)]
  read()
  slow.push(hasLeft({flush}, AbortSignal.abort()))
  read()
  expect(await Promise.all(slow)).toEqual([true, true])
})
