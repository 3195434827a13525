import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import type {PageQuery, ReadPage} from '../../../../src/lib/realtime/feed/feed-types.js'
import {findIdBefore} from '../../../../src/lib/realtime/feed/find-id.js'

const CHANNEL = {kind: 'dm', id: 3} as const
const EPOCH = Date.parse('2026-11-22T10:00:00Z')
const {signal} = new AbortController()

interface Row {
  readonly id: number
  readonly timeMs: number
}

function message({id, timeMs}: Row): Message {
  return {id, content: '', created_at: new Date(timeMs).toISOString()}
}

/** A channel with these rows, which a server tells of by `has_more` or leaves the reader to guess. */
function channelOf(rows: readonly Row[], guesses = false) {
  const queries: PageQuery[] = []
  const read: ReadPage = async (channel, query) => {
    expect(channel).toBe(CHANNEL)
    queries.push(query)
    const {beforeId = Number.POSITIVE_INFINITY, limit} = query
    const older = rows.filter(({id}) => id < beforeId).sort((a, b) => b.id - a.id)
    const items = older.slice(0, limit).map(message)
    return {items, has_more: guesses ? items.length === limit : older.length > limit}
  }
  return {read, queries}
}

/** Rows with ids and times that grow by these steps. */
function rowsOf(steps: readonly (readonly [number, number])[]): Row[] {
  let id = 0
  let timeMs = EPOCH
  return steps.map(([idStep, timeStep]) => {
    id += idStep
    timeMs += timeStep
    return {id, timeMs}
  })
}

/** Whether an id divides the rows into those before a time and the others. */
function divides(rows: readonly Row[], id: number, timeMs: number): boolean {
  return rows.every(row => row.id > id === row.timeMs >= timeMs)
}

const steps = fc.array(fc.tuple(fc.integer({min: 1, max: 50}), fc.constantFrom(0, 0, 0, 1000, 7000)), {
  maxLength: 600,
  size: 'max',
})

describe('the id before a time', () => {
  it('divides the messages, whatever holes there are and however many have one time', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.nat(1000), fc.boolean(), async (given, share, guesses) => {
        const rows = rowsOf(given)
        const lastMs = rows.at(-1)?.timeMs ?? EPOCH
        const timeMs = EPOCH - 500 + Math.round(((lastMs - EPOCH + 1000) * share) / 1000)
        const {read, queries} = channelOf(rows, guesses)
        const id = await findIdBefore(read, CHANNEL, timeMs, signal)
        expect(divides(rows, id, timeMs)).toBe(true)
        const highest = rows.at(-1)?.id ?? 1
        expect(queries.length).toBeLessThanOrEqual(2 + Math.max(0, Math.ceil(Math.log2(highest / 100)) + 1))
      }),
      {numRuns: 60},
    )
  })

  it('is found among ids up to the highest that a number holds', async () => {
    const rows = Array.from({length: 300}, (_, nth) => ({
      id: Math.floor((Number.MAX_SAFE_INTEGER / 300) * (nth + 1)),
      timeMs: EPOCH + nth * 1000,
    }))
    const {read, queries} = channelOf(rows)
    const id = await findIdBefore(read, CHANNEL, EPOCH + 37_000, signal)
    expect(divides(rows, id, EPOCH + 37_000)).toBe(true)
    expect(queries.length).toBeLessThanOrEqual(53)
  })

  // 201: below the newest page there is one id more than a page has.
  it.each([201, 420])('is found at each place among %d messages without holes', async length => {
    const rows = rowsOf(Array.from({length}, () => [1, 1000]))
    const {read} = channelOf(rows)
    for (const {id, timeMs} of rows) expect(await findIdBefore(read, CHANNEL, timeMs, signal)).toBe(id - 1)
  })

  it('is 0 in an empty channel', async () => {
    expect(await findIdBefore(channelOf([]).read, CHANNEL, EPOCH, signal)).toBe(0)
  })

  it('is the newest id when nothing is that new, for which one page is enough', async () => {
    const {read, queries} = channelOf(rowsOf(Array.from({length: 500}, () => [3, 1000])))
    expect(await findIdBefore(read, CHANNEL, EPOCH * 2, signal)).toBe(1500)
    expect(queries).toEqual([{limit: 100, signal}])
  })

  it('asks once where the newest page has the place', async () => {
    const rows = rowsOf(Array.from({length: 500}, () => [1, 1000]))
    const {read, queries} = channelOf(rows)
    expect(await findIdBefore(read, CHANNEL, EPOCH + 450_000, signal)).toBe(449)
    expect(queries).toHaveLength(1)
  })

  it('passes on the signal and asks for single messages in between', async () => {
    const {read, queries} = channelOf(rowsOf(Array.from({length: 5000}, () => [1, 1000])))
    await findIdBefore(read, CHANNEL, EPOCH + 700_500, signal)
    expect(queries.every(query => query.signal === signal)).toBe(true)
    expect(queries.slice(1, -1).every(({limit}) => limit === 1)).toBe(true)
    expect(queries.length).toBeLessThanOrEqual(8)
  })

  it('leaves nothing out beside the place where times are a little out of order', async () => {
    const rows = rowsOf(Array.from({length: 1000}, () => [1, 1000]))
    const swapped = rows.map(row => (row.id === 299 ? {...row, timeMs: row.timeMs + 5000} : row))
    const id = await findIdBefore(channelOf(swapped).read, CHANNEL, EPOCH + 302_000, signal)
    expect(id).toBe(298)
  })
})

describe('the id before a time that a server does not let find', () => {
  it.each([undefined, 'yesterday', 1_700_000_000])('is an error where a time is %s', async created_at => {
    const read = async () => ({items: [{id: 5, content: '', created_at} as Message], has_more: false})
    await expect(findIdBefore(read, CHANNEL, EPOCH, signal)).rejects.toMatchObject({
      code: 'not_protocol',
      message: 'message 5 has no time that can be read',
    })
  })

  it('is an error where before_id does nothing, and not looked for without end', async () => {
    const {read} = channelOf(rowsOf(Array.from({length: 1000}, () => [1, 1000])))
    const deaf: ReadPage = (channel, {limit}) => read(channel, {limit, signal})
    await expect(findIdBefore(deaf, CHANNEL, EPOCH + 5000, signal)).rejects.toMatchObject({
      code: 'not_protocol',
    })
  })

  it('is the error of the request', async () => {
    const broken = new Error('503')
    await expect(findIdBefore(() => Promise.reject(broken), CHANNEL, EPOCH, signal)).rejects.toBe(broken)
  })
})
