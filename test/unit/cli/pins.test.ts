import {describe, expect, test} from 'vitest'
import type {Message} from '../../../src/contract/resources.js'
import {pinEach, pinnedMessages} from '../../../src/lib/cli/pins.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

describe('pinEach', () => {
  const gone = new VezaError('not_found', 'There is no such message (HTTP 404)', {
    status: 404,
    serverCode: 'MESSAGE_NOT_FOUND',
    hint: 'look again',
    requestId: 'req-1',
  })

  function server(missing: number) {
    const calls: [number, boolean][] = []
    const pin = async (id: number, pinned: boolean): Promise<Message> => {
      calls.push([id, pinned])
      if (id === missing) throw gone
      return {id, content: '', is_pinned: pinned}
    }
    return {calls, pin}
  }

  test('does each once, in order', async () => {
    const api = server(0)
    const done = await collect(pinEach(api, [3, 1, 3], false))
    expect(done.map(({id}) => id)).toEqual([3, 1])
    expect(api.calls).toEqual([
      [3, false],
      [1, false],
    ])
  })

  test('ends at the first that fails, and says which it was', async () => {
    const api = server(2)
    const done: number[] = []
    const run = async (): Promise<void> => {
      for await (const {id} of pinEach(api, [1, 2, 3], true)) done.push(id)
    }
    await expect(run()).rejects.toMatchObject({
      code: 'not_found',
      message: 'message 2: There is no such message (HTTP 404)',
      status: 404,
      serverCode: 'MESSAGE_NOT_FOUND',
      hint: 'look again',
      requestId: 'req-1',
    })
    expect([done, api.calls.length]).toEqual([[1], 2])
  })

  test('the error of a single one stays as it is', async () => {
    await expect(collect(pinEach(server(2), [2], true))).rejects.toBe(gone)
  })
})

describe('pinnedMessages', () => {
  function room(rows: readonly Message[]) {
    const queries: unknown[] = []
    let read = 0
    async function* history(roomId: number, query: unknown): AsyncGenerator<Message> {
      queries.push([roomId, query])
      for (const row of rows) {
        read += 1
        yield row
      }
    }
    return {history, queries, read: () => read}
  }
  const row = (id: number, is_pinned?: boolean): Message => ({
    id,
    content: '',
    ...(is_pinned === undefined ? {} : {is_pinned}),
  })

  test('are what a server gives that knows them', async () => {
    const told: number[] = []
    const api = room([row(9, true), row(4, true)])
    const pins = await collect(pinnedMessages(api, 15, {beforeId: 12, onUnfiltered: () => told.push(1)}))
    expect(pins.map(({id}) => id)).toEqual([9, 4])
    expect(api.queries).toEqual([[15, {beforeId: 12, pinnedOnly: true, includeThreads: true}]])
    expect(told).toEqual([])
  })

  test('are picked out of all others, which is told once', async () => {
    const told: number[] = []
    const api = room([row(9), row(8, true), row(7, false), row(4, true)])
    const pins = await collect(pinnedMessages(api, 15, {onUnfiltered: () => told.push(1)}))
    expect(pins.map(({id}) => id)).toEqual([8, 4])
    expect(told).toEqual([1])
  })

  test('no more is read than is wanted', async () => {
    const api = room([row(9, true), row(8, true), row(7, true)])
    const pins = await collect(pinnedMessages(api, 15, {limit: 2, onUnfiltered: () => undefined}))
    expect([pins.length, api.read()]).toEqual([2, 2])
  })
})
