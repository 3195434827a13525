import {describe, expect, test} from 'vitest'
import type {Context} from '../../../../src/lib/cli/context.js'
import {checkHistory, type HistoryRequest} from '../../../../src/lib/cli/history/history-flags.js'
import {historyReader, idUntil, placed, rowsUpTo} from '../../../../src/lib/cli/history/rows.js'
import {historyServer, never, ROOM, timeOf, upTo} from './history-server.js'

describe('placed', () => {
  const row = {id: 1, content: 'x'}

  test('fills in what the path has said, and nothing else', () => {
    expect(placed(row, ROOM)).toEqual({...row, room_id: 15})
    expect(placed(row, ROOM, 'general')).toEqual({...row, room_id: 15, room_name: 'general'})
    expect(placed(row, {kind: 'dm', id: 3}, 'bob')).toEqual({...row, conversation_id: 3})
  })

  test('leaves what the server says', () => {
    const there = {...row, room_id: 7, room_name: 'ops'}
    expect(placed(there, ROOM, 'general')).toEqual(there)
    const dm = {...row, conversation_id: 7}
    expect(placed(dm, {kind: 'dm', id: 3})).toBe(dm)
  })
})

test('replies are asked for in rooms; conversations know no such wish', async () => {
  const calls: unknown[] = []
  const note = (place: string) => async (id: number, query: object) => {
    calls.push([place, id, query])
    return {items: [], has_more: false}
  }
  const api = {messages: {list: note('room')}, dms: {messages: note('dm')}}
  const read = historyReader({api} as unknown as Context)
  await read(ROOM, {limit: 5, beforeId: 9, signal: never})
  await read({kind: 'dm', id: 3}, {limit: 5, signal: never})
  expect(calls).toEqual([
    ['room', 15, {limit: 5, beforeId: 9, signal: never, includeThreads: true}],
    ['dm', 3, {limit: 5, signal: never}],
  ])
})

describe('idUntil', () => {
  const {readPage} = historyServer(upTo(500))
  test.each([
    ['nothing', undefined, Number.MAX_SAFE_INTEGER],
    ['a message', {id: 7}, 7],
    ['the time of a message', {timeMs: timeOf(300)}, 300],
    ['a time between two', {timeMs: timeOf(300) + 500}, 300],
    ['a time before all', {timeMs: timeOf(0)}, 0],
    ['a time after all', {timeMs: timeOf(900)}, 500],
  ])('%s', async (_what, until, id) => {
    expect(await idUntil(readPage, ROOM, until, never)).toBe(id)
  })
})

test('only the first page has to be told where the end is', async () => {
  const {queries, readPage} = historyServer(upTo(9))
  const read = rowsUpTo(readPage, ROOM, 5, never)
  await read({limit: 2})
  await read({limit: 2, beforeId: 3})
  await read({limit: 2, afterId: 3})
  await rowsUpTo(readPage, ROOM, Number.MAX_SAFE_INTEGER, never)({limit: 2})
  expect(queries).toEqual([
    {limit: 2, beforeId: 6},
    {limit: 2, beforeId: 3},
    {limit: 2, afterId: 3},
    {limit: 2},
  ])
})

describe('checkHistory', () => {
  test.each<[HistoryRequest, string]>([
    [{last: 2, since: {id: 1}}, 'give --last or --since, not both'],
    [{last: 2, all: true}, 'give --last or --all, not both'],
    [{since: {id: 1}, thread: 4}, 'give --since or --thread, not both'],
    [{all: true, thread: 4}, 'give --all or --thread, not both'],
  ])('%j', (request, problem) => {
    expect(() => checkHistory(request)).toThrow(problem)
  })

  test.each<HistoryRequest>([{}, {last: 2, all: false, until: {id: 1}}, {thread: 4, from: ['me']}])(
    '%j',
    request => {
      expect(() => checkHistory(request)).not.toThrow()
    },
  )
})
