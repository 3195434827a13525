import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {rowsUpTo} from '../../../../src/lib/cli/history/rows.js'
import {type PageBack, pagesBack} from '../../../../src/lib/cli/search/pages-back.js'
import {type Hit, type Progress, searchChannels} from '../../../../src/lib/cli/search/search-channels.js'
import type {Since} from '../../../../src/lib/cli/since.js'
import {historyServer, message, never, ROOM, timeOf, upTo} from '../history/history-server.js'

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const idsOf = (rows: readonly Message[]): number[] => rows.map(({id}) => id)

describe('pagesBack', () => {
  async function back(rows: readonly Message[], since?: Since, newestId = Number.MAX_SAFE_INTEGER) {
    const repeats: number[] = []
    const {queries, readPage} = historyServer(rows)
    const read = rowsUpTo(readPage, ROOM, newestId, never)
    const pages = await collect(pagesBack({read, since, onRepeat: () => repeats.push(1)}))
    return {
      pages: pages.map(({rows: wanted}) => wanted.length),
      lows: pages.map(({low}) => low),
      queries,
      repeats,
    }
  }

  test('to the first message', async () => {
    expect(await back(upTo(250))).toMatchObject({pages: [100, 100, 50], lows: [151, 51, 1], repeats: []})
    expect((await back([])).pages).toEqual([])
  })

  test('from a message on', async () => {
    const {lows, queries} = await back(upTo(250), undefined, 120)
    expect([lows, queries[0]]).toEqual([[21, 1], {limit: 100, beforeId: 121}])
  })

  test.each<[string, Since, number[]]>([
    ['a message', {id: 120}, [100, 30]],
    ['a time', {timeMs: timeOf(121)}, [100, 30]],
    ['one at the border of a page', {id: 150}, [100, 0]],
    ['the newest', {id: 250}, [0]],
  ])('no further than %s', async (_what, since, pages) => {
    expect((await back(upTo(250), since)).pages).toEqual(pages)
  })

  test('a time that cannot be read does not end it', async () => {
    const rows = upTo(250).map(row => (row.id % 2 === 0 ? {...row, created_at: 'soon'} : row))
    expect((await back(rows, {timeMs: timeOf(0)})).pages).toEqual([100, 100, 50])
  })

  test('a server that repeats its page ends it, and that is told', async () => {
    const repeats: number[] = []
    const read = async () => ({items: upTo(100), has_more: true})
    const pages = await collect(pagesBack({read, since: undefined, onRepeat: () => repeats.push(1)}))
    expect([pages.length, repeats]).toEqual([1, [1]])
  })
})

describe('searchChannels', () => {
  /** Channels whose pages hold so many rows; how far each has been read is known. */
  function channelsOf(rooms: readonly (readonly number[])[], pageRows: number) {
    const reads = rooms.map(() => 0)
    const channels = rooms.map((ids, index) => {
      async function* pages(): AsyncGenerator<PageBack> {
        const rows = ids.toSorted((a, b) => b - a).map(id => message(id))
        for (let start = 0; start < rows.length; start += pageRows) {
          reads[index] = (reads[index] ?? 0) + 1
          const page = rows.slice(start, start + pageRows)
          yield {rows: page, low: page.at(-1)!.id}
        }
      }
      return {channel: {kind: 'room' as const, id: index + 1}, pages: pages()}
    })
    return {channels, reads}
  }

  const isEven = (rows: readonly Message[]) => rows.filter(({id}) => id % 2 === 0)
  const hitsOf = (progress: readonly Progress[]): Hit[] => progress.flatMap(({hits}) => hits)

  test('one channel: each hit comes with its page', async () => {
    const {channels} = channelsOf([[1, 2, 3, 4, 5]], 2)
    const progress = await collect(searchChannels(channels, isEven))
    const found = progress.map(({hits, ...rest}) => ({ids: idsOf(hits.map(hit => hit.message)), ...rest}))
    expect(found).toEqual([
      {ids: [4], read: 2, frontier: 4},
      {ids: [2], read: 2, frontier: 2},
      {ids: [], read: 1, frontier: 1},
      {ids: [], read: 0, frontier: 0},
    ])
  })

  test('nothing to search is nothing found', async () => {
    expect(await collect(searchChannels([], isEven))).toEqual([])
  })

  test('what lies far back is not read before the newest hits are out', async () => {
    const old = Array.from({length: 100}, (_, n) => n + 1)
    const {channels, reads} = channelsOf([old, [201, 202, 203, 204]], 2)
    const found: number[] = []
    for await (const {hits} of searchChannels(channels, isEven)) {
      found.push(...idsOf(hits.map(hit => hit.message)))
      if (found.length === 2) break
    }
    expect([found, reads]).toEqual([
      [204, 202],
      [1, 2],
    ])
  })

  test('many channels are one: every hit once, newest first, each with its channel', async () => {
    const rooms = fc
      .uniqueArray(fc.tuple(fc.integer({min: 1, max: 500}), fc.integer({min: 0, max: 4})), {
        selector: ([id]) => id,
        maxLength: 200,
        size: 'max',
      })
      .map(pairs => [0, 1, 2, 3, 4].map(room => pairs.filter(pair => pair[1] === room).map(([id]) => id)))
    await fc.assert(
      fc.asyncProperty(rooms, fc.integer({min: 1, max: 7}), async (ids, pageRows) => {
        const {channels} = channelsOf(ids, pageRows)
        const progress = await collect(searchChannels(channels, isEven))
        const hits = hitsOf(progress)
        const expected = ids
          .flat()
          .filter(id => id % 2 === 0)
          .sort((a, b) => b - a)
        expect(idsOf(hits.map(hit => hit.message))).toEqual(expected)
        for (const hit of hits) expect(ids[hit.channel.id - 1]).toContain(hit.message.id)
        expect(progress.reduce((sum, {read}) => sum + read, 0)).toBe(ids.flat().length)
      }),
      {numRuns: 200},
    )
  })
})
