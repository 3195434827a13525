import {expect, test} from 'vitest'
import {roomStart} from '../../../../src/lib/cli/relay/room-start.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const channel = {kind: 'room', id: 1} as const
const since = {timeMs: 1_000} as const

/** A search that fails in these ways first. */
function searching(...failures: Error[]) {
  const waits: number[] = []
  return {
    waits,
    signal: new AbortController().signal,
    find: async () => {
      const failure = failures.shift()
      if (failure !== undefined) throw failure
      return 41
    },
    sleep: async (delayMs: number) => void waits.push(delayMs),
    random: () => 0,
    onWait: () => undefined,
  }
}

test('without a time nothing is searched for', async () => {
  const options = searching(new Error('not to be called'))
  expect(await roomStart(channel, {last: 3}, options)).toEqual({channel, last: 3})
  expect(await roomStart(channel, {since: {id: 7}}, options)).toEqual({channel, afterId: 7})
})

test('a server that is away is waited for: nothing of what was asked for is left out', async () => {
  const options = searching(new VezaError('unreachable', 'away'), new VezaError('server_error', 'busy'))
  expect(await roomStart(channel, {since}, options)).toEqual({channel, afterId: 41})
  expect(options.waits).toEqual([500, 1000])
})

test('a room that is refused begins now, and what cannot pass is told', async () => {
  const refused = searching(new VezaError('forbidden', 'no'))
  expect(await roomStart(channel, {since}, refused)).toEqual({channel})
  const signedOut = searching(new VezaError('signed_out', 'sign in'))
  await expect(roomStart(channel, {since}, signedOut)).rejects.toMatchObject({code: 'signed_out'})
  const ended = {...searching(new Error('ended')), signal: AbortSignal.abort()}
  expect(await roomStart(channel, {since}, ended)).toEqual({channel})
})
