import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Message, Page} from '../../../../src/contract/resources.js'
import {type HistoryNeed, openHistory} from '../../../../src/lib/realtime/feed/history.js'
import type {RowsQuery} from '../../../../src/lib/realtime/feed/trail.js'

const message = (id: number): Message => ({id, content: `message ${id}`})
const idsOf = (rows: readonly Message[]) => rows.map(({id}) => id)

/** A channel's history on a server with its own page limit; rows may become visible between two reads. */
class Server {
  readonly queries: RowsQuery[] = []
  readonly #ids: Set<number>
  readonly #pageRows: number
  readonly #knowsAfterId: boolean
  readonly #arriving: number[][]

  constructor(
    ids: readonly number[],
    {pageRows = 100, knowsAfterId = false, arriving = [] as number[][]} = {},
  ) {
    this.#ids = new Set(ids)
    this.#pageRows = pageRows
    this.#knowsAfterId = knowsAfterId
    this.#arriving = [...arriving]
  }

  readonly read = async (query: RowsQuery): Promise<Page<Message>> => {
    this.queries.push(query)
    const rows = [...this.#ids].sort((a, b) => a - b)
    const {beforeId = Number.POSITIVE_INFINITY, afterId, limit} = query
    const size = Math.min(limit, this.#pageRows)
    const isForward = afterId !== undefined && this.#knowsAfterId
    const wanted = rows.filter(id => (isForward ? id > afterId : id < beforeId))
    const page = isForward ? wanted.slice(0, size) : wanted.slice(-size).reverse()
    for (const id of this.#arriving.shift() ?? []) this.#ids.add(id)
    return {items: page.map(message), has_more: wanted.length > size}
  }
}

async function readAll(server: Server, need: HistoryNeed) {
  const history = await openHistory(server.read, need)
  const pages: number[][] = []
  for await (const rows of history.pages) pages.push(idsOf(rows))
  return {...history, pages, ids: pages.flat()}
}

const upTo = (count: number) => Array.from({length: count}, (_, n) => n + 1)
const someIds = fc.uniqueArray(fc.integer({min: 1, max: 400}), {maxLength: 150, size: 'max'})
const traits = fc.record({
  pageRows: fc.oneof(fc.integer({min: 1, max: 4}), fc.integer({min: 1, max: 100})),
  knowsAfterId: fc.boolean(),
  arriving: fc.array(fc.array(fc.integer({min: 1, max: 450}), {maxLength: 3}), {maxLength: 40}),
})

describe('openHistory after an id', () => {
  it('gives every row after it once, ascending, whatever arrives meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(someIds, traits, fc.integer({min: 0, max: 420}), async (stored, kind, afterId) => {
        const {ids, base, newest, complete} = await readAll(new Server(stored, kind), {afterId})
        for (let n = 1; n < ids.length; n += 1) expect(ids[n]).toBeGreaterThan(ids[n - 1]!)
        expect(ids).toEqual(expect.arrayContaining(stored.filter(id => id > afterId)))
        expect(ids.every(id => id > afterId)).toBe(true)
        expect([base, newest?.id ?? 0, complete]).toEqual([afterId, Math.max(0, ...stored), true])
      }),
      {numRuns: 300},
    )
  })

  it('takes one request where the newest page reaches back', async () => {
    const server = new Server(upTo(500))
    expect((await readAll(server, {afterId: 401})).ids).toEqual(upTo(500).slice(401))
    expect(server.queries).toEqual([{limit: 100}])
  })

  it('goes forward where the server knows after_id', async () => {
    const server = new Server(upTo(500), {knowsAfterId: true})
    const {pages} = await readAll(server, {afterId: 250})
    expect(pages.map(page => page.length)).toEqual([100, 100, 50])
    expect(server.queries.map(({afterId}) => afterId)).toEqual([undefined, 250, 350, 450])
  })

  it('goes back where it does not, and keeps to the borders of pages that it has dropped', async () => {
    const server = new Server(upTo(7_000))
    const {ids} = await readAll(server, {afterId: 0})
    expect(ids).toEqual(upTo(7_000))
    const {queries} = server
    // The newest page, the try with after_id, 69 pages back, and of all 70 the 20 newest once more.
    expect(queries).toHaveLength(1 + 1 + 69 + 20)
    expect(queries.at(-1)).toEqual({limit: 100, beforeId: 7_001})
  })

  it('finds all of a dropped page also when more has become visible in it', async () => {
    const arriving = Array.from({length: 90}, () => [] as number[])
    arriving[75] = [13_001, 13_003, 13_005]
    const server = new Server(
      upTo(7_000).map(n => 2 * n),
      {arriving},
    )
    const {ids} = await readAll(server, {afterId: 0})
    expect(ids.filter(id => id % 2 === 0)).toEqual(upTo(7_000).map(n => 2 * n))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('says so when the server gives the same page again and the rest cannot be reached', async () => {
    const page = {items: [message(30), message(20)], has_more: true}
    const {ids, complete} = await readAll({read: async () => page} as unknown as Server, {afterId: 5})
    expect([ids, complete]).toEqual([[20, 30], false])
  })

  it('throws what a read throws, also between two pages', async () => {
    const server = new Server(upTo(500), {knowsAfterId: true})
    let reads = 0
    const history = await openHistory(
      query => (++reads === 3 ? Promise.reject(new Error('broken')) : server.read(query)),
      {afterId: 0},
    )
    const pages = history.pages[Symbol.asyncIterator]()
    expect(idsOf((await pages.next()).value ?? [])).toEqual(upTo(100))
    await expect(pages.next()).rejects.toThrow('broken')
  })
})

describe('openHistory before the start', () => {
  it('gives the last rows and all after the start, ascending', async () => {
    await fc.assert(
      fc.asyncProperty(
        someIds,
        fc.record({pageRows: fc.integer({min: 1, max: 20}), knowsAfterId: fc.boolean()}),
        fc.integer({min: 0, max: 60}),
        fc.option(fc.integer({min: 1, max: 400}), {nil: undefined}),
        async (stored, kind, last, startAt) => {
          const opened = await readAll(new Server(stored, kind), {last, startAt})
          const sorted = [...stored].sort((a, b) => a - b)
          const start = startAt ?? sorted.at(-1) ?? 0
          const older = sorted.filter(id => id <= start)
          const wanted = [...(last === 0 ? [] : older.slice(-last)), ...sorted.filter(id => id > start)]
          expect(opened.ids).toEqual(wanted)
          expect(opened.ids.every(id => id > opened.base)).toBe(true)
          // Between floor and base lies nothing but what is named.
          const unwanted = sorted.filter(id => id > opened.floor && id <= opened.base)
          expect(opened.before).toEqual(unwanted)
        },
      ),
      {numRuns: 300},
    )
  })

  it.each([
    [0, 1],
    [100, 1],
    [101, 2],
  ])('reads for the last %i no more than %i pages', async (last, reads) => {
    const server = new Server(upTo(500))
    expect((await readAll(server, {last})).ids).toHaveLength(last)
    expect(server.queries).toHaveLength(reads)
  })

  it('remembers at most 50 rows that are not wanted', async () => {
    const {before, floor, base} = await readAll(new Server(upTo(500)), {last: 3})
    expect([before.length, before[0], floor, base]).toEqual([50, 448, 447, 497])
  })
})
