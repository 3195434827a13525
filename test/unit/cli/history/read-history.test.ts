import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import type {HistoryRequest} from '../../../../src/lib/cli/history/history-flags.js'
import {readHistory} from '../../../../src/lib/cli/history/read-history.js'
import type {Filter} from '../../../../src/lib/cli/tail/filters.js'
import {historyServer, message, never, ROOM, type ServerKind, timeOf, upTo} from './history-server.js'

async function read(
  rows: readonly Message[],
  request: HistoryRequest,
  {wanted, ...kind}: ServerKind & {readonly wanted?: Filter} = {},
) {
  const {queries, readPage} = historyServer(rows, kind)
  const history = await readHistory({channel: ROOM, request, readPage, wanted, signal: never})
  const ids: number[] = []
  for await (const page of history.pages) ids.push(...page.map(({id}) => id))
  return {ids, queries, hasOlder: history.hasOlder, complete: history.complete}
}

const range = (first: number, last: number): number[] =>
  Array.from({length: last - first + 1}, (_, n) => first + n)
const isEven: Filter = ({id}) => id % 2 === 0

describe('the last so many', () => {
  test('are 50 where nothing is said, with one request, and it is known that there are more', async () => {
    const {ids, hasOlder, queries} = await read(upTo(300), {})
    expect(ids).toEqual(range(251, 300))
    expect(hasOlder).toBe(true)
    expect(queries).toEqual([{limit: 51}])
  })

  test.each([0, 1, 49, 50])('are all where there are %d', async count => {
    expect(await read(upTo(count), {})).toMatchObject({ids: range(1, count), hasOlder: false})
  })

  test('say nothing of older ones where they were asked for', async () => {
    expect(await read(upTo(300), {last: 2})).toMatchObject({ids: [299, 300], hasOlder: false})
  })

  test('may be more than a page', async () => {
    expect((await read(upTo(500), {last: 333})).ids).toEqual(range(168, 500))
  })

  test('count what passes the filter', async () => {
    expect((await read(upTo(500), {last: 120}, {wanted: isEven})).ids).toEqual(
      range(131, 250).map(n => n * 2),
    )
    expect(await read(upTo(9), {last: 120}, {wanted: isEven})).toMatchObject({ids: [2, 4, 6, 8]})
    expect((await read(upTo(500), {}, {wanted: () => false})).ids).toEqual([])
  })

  test('end where --until has it', async () => {
    expect((await read(upTo(300), {last: 2, until: {id: 120}})).ids).toEqual([119, 120])
    expect((await read(upTo(300), {last: 2, until: {timeMs: timeOf(120)}})).ids).toEqual([119, 120])
    expect((await read(upTo(300), {until: {timeMs: timeOf(0)}})).ids).toEqual([])
    expect((await read(upTo(300), {last: 1, until: {id: 1000}})).ids).toEqual([300])
  })
})

describe.each([{knowsAfterId: true}, {knowsAfterId: false}])('forward, %j', kind => {
  test('from the first one', async () => {
    expect((await read(upTo(450), {all: true}, kind)).ids).toEqual(range(1, 450))
  })

  test('from a message or a time', async () => {
    expect((await read(upTo(450), {since: {id: 100}}, kind)).ids).toEqual(range(101, 450))
    expect((await read(upTo(450), {since: {timeMs: timeOf(100)}}, kind)).ids).toEqual(range(100, 450))
    expect((await read(upTo(450), {since: {id: 450}}, kind)).ids).toEqual([])
  })

  test('up to a message or a time', async () => {
    const until = {id: 260}
    expect((await read(upTo(450), {since: {id: 100}, until}, kind)).ids).toEqual(range(101, 260))
    const untilTime = {timeMs: timeOf(260)}
    expect((await read(upTo(450), {all: true, until: untilTime}, kind)).ids).toEqual(range(1, 260))
    expect((await read(upTo(450), {since: {id: 300}, until}, kind)).ids).toEqual([])
  })

  test('what passes the filter', async () => {
    expect((await read(upTo(250), {all: true}, {...kind, wanted: isEven})).ids).toEqual(
      range(1, 125).map(n => n * 2),
    )
  })

  test('reads no page behind --until', async () => {
    const {queries} = await read(upTo(2000), {since: {id: 100}, until: {id: 150}}, {knowsAfterId: true})
    expect(queries.length).toBeLessThan(4)
  })

  test('a thread: its message, and answers to it and to them', async () => {
    const rows = [
      ...upTo(150),
      message(151, {parent_id: 42}),
      message(152, {parent_id: 41}),
      message(153, {parent_id: 151}),
      ...upTo(200)
        .slice(153)
        .map(({id}) => message(id, {parent_id: null})),
      message(201, {parent_id: 153}),
      message(202, {parent_id: 152}),
    ]
    expect((await read(rows, {thread: 42}, kind)).ids).toEqual([42, 151, 153, 201])
    expect((await read(rows, {thread: 42, until: {id: 151}}, kind)).ids).toEqual([42, 151])
    expect((await read(rows, {thread: 42}, {...kind, wanted: ({id}) => id > 151})).ids).toEqual([153, 201])
  })

  test('answers to a message that is gone are still found', async () => {
    const rows = [...upTo(9).slice(3), message(10, {parent_id: 2})]
    expect((await read(rows, {thread: 2}, kind)).ids).toEqual([10])
  })

  test('a thread that is not here is not found', async () => {
    const reading = read(upTo(9), {thread: 77}, kind)
    await expect(reading).rejects.toMatchObject({code: 'not_found', exitCode: 7})
  })
})

test('whatever the server is like, nothing is left out and nothing comes twice', async () => {
  const ids = fc.uniqueArray(fc.integer({min: 1, max: 400}), {maxLength: 150, size: 'max'})
  const kinds = fc.record({knowsAfterId: fc.boolean(), pageRows: fc.integer({min: 1, max: 100})})
  const bound = fc.option(fc.integer({min: 0, max: 420}), {nil: undefined})
  const property = fc.asyncProperty(
    ids,
    kinds,
    fc.record({after: bound, until: bound, last: fc.integer({min: 1, max: 160}), even: fc.boolean()}),
    async (stored, kind, {after, until, last, even}) => {
      const begin = after === undefined ? {last} : {since: {id: after}}
      const request = {...begin, ...(until === undefined ? {} : {until: {id: until}})}
      const wanted = even ? isEven : () => true
      const {ids: found, complete} = await read(
        stored.map(id => message(id)),
        request,
        {...kind, wanted},
      )
      const inSpan = stored
        .toSorted((a, b) => a - b)
        .filter(id => id > (after ?? 0) && id <= (until ?? 420) && (!even || id % 2 === 0))
      expect(found).toEqual(after === undefined ? inSpan.slice(-last) : inSpan)
      expect(complete).toBe(true)
    },
  )
  await fc.assert(property, {numRuns: 300})
})

test('a server that repeats its page ends it, and that is told', async () => {
  const page = upTo(200).slice(-100).reverse()
  const readPage = async () => ({items: page, has_more: true})
  const history = await readHistory({
    channel: ROOM,
    request: {all: true},
    readPage,
    wanted: undefined,
    signal: never,
  })
  const ids: number[] = []
  for await (const rows of history.pages) ids.push(...rows.map(({id}) => id))
  expect([history.complete, ids]).toEqual([false, range(101, 200)])
})
