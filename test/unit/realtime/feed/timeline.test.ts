import {describe, expect, it} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import type {ChannelStart} from '../../../../src/lib/realtime/feed/feed-types.js'
import type {OpenHistory} from '../../../../src/lib/realtime/feed/history.js'
import {Timeline} from '../../../../src/lib/realtime/feed/timeline.js'

const SETTLE_MS = 30_000
const ROOM = {kind: 'room', id: 15} as const
const message = (id: number): Message => ({id, content: `message ${id}`, room_id: 15})
const messages = (...ids: number[]) => ids.map(message)
const idsOf = (rows: readonly Message[]) => rows.map(({id}) => id)

function timeline(start: Omit<ChannelStart, 'channel'> = {afterId: 0}) {
  const pool = {held: 0}
  return {pool, line: new Timeline({channel: ROOM, ...start}, {settleMs: SETTLE_MS, pool})}
}

const opened = (base: number, newest: number | Message, more: Partial<OpenHistory> = {}): OpenHistory => ({
  base,
  floor: base,
  before: [],
  newest: typeof newest === 'number' ? message(newest) : newest,
  complete: true,
  pages: (async function* () {})(),
  ...more,
})

/** A whole pass over history with these rows. */
function pass(line: Timeline, rows: number[], {at = 0, end = at} = {} as PassOptions) {
  const need = line.begin(at)
  const base = 'afterId' in need ? need.afterId : 0
  const first = line.opened(opened(base, rows.at(-1) ?? 0))
  const read = messages(...rows.filter(id => id > base))
  const given = idsOf(line.take(read))
  line.passed(read)
  return {need, first, given, checkpoint: line.finish(end)}
}
interface PassOptions {
  at?: number
  end?: number
}

const checkpoint = (id: number) => ({type: 'checkpoint', channel: ROOM, id})

describe('a timeline', () => {
  it('holds live messages until the fill is done, then gives those that history did not', () => {
    const {line, pool} = timeline()
    expect(line.live(message(3))).toBe(false)
    expect(pass(line, [1, 2, 3]).given).toEqual([1, 2, 3])
    expect(line.live(message(4))).toBe(false)
    expect(line.live(message(4))).toBe(false)
    expect(pool.held).toBe(3)
    const {messages: released, ids} = line.release()
    expect([idsOf(released), [...ids], pool.held]).toEqual([[4], [3, 4], 0])
    expect(line.duplicates).toBe(1)
  })

  it('gives each live message once, also a late one', () => {
    const {line} = timeline()
    pass(line, [])
    line.release()
    expect([5, 7, 5, 6, 7, 6].map(id => line.live(message(id)))).toEqual([
      true,
      true,
      false,
      true,
      false,
      false,
    ])
    expect(line.duplicates).toBe(3)
  })

  it('gives nothing again that an earlier run has had', () => {
    const {line} = timeline({afterId: 10, delivered: [14, 12]})
    expect(pass(line, [11, 12, 13, 14, 15]).given).toEqual([11, 13, 15])
    line.release()
    expect([9, 10, 12].map(id => line.live(message(id)))).toEqual([false, false, false])
  })

  it('begins behind what an earlier run has seen, and settles nothing before it has compared the rest', () => {
    const {line} = timeline({afterId: 10, delivered: [12, 20], seenTo: 20})
    const rows = [11, 12, 20, 21, 22]
    const first = pass(line, rows)
    expect([first.need, first.first, first.given]).toEqual([{afterId: 20}, checkpoint(10), [21, 22]])
    line.release()
    const second = pass(line, rows, {at: SETTLE_MS})
    expect([second.need, second.given, second.checkpoint]).toEqual([{afterId: 10}, [11], undefined])
    expect(pass(line, rows, {at: 2 * SETTLE_MS}).checkpoint).toEqual(checkpoint(22))
  })

  it('begins behind it again where it was broken off, and never before its start', () => {
    const {line} = timeline({afterId: 10, seenTo: 20})
    line.begin(0)
    line.opened(opened(20, {...message(300), created_at: '2026-11-22T12:00:00Z'}))
    const old = {...message(21), created_at: '2026-11-22T10:00:00Z'}
    expect(line.passed([old])).toBeUndefined()
    line.cut()
    expect(line.begin(0)).toEqual({afterId: 20})
    expect(timeline({afterId: 10, seenTo: 5}).line.begin(0)).toEqual({afterId: 10})
  })

  it('fills in the place that history leaves out, and keeps the one it names', () => {
    const {line} = timeline()
    line.begin(0)
    expect(line.take([{id: 1, content: 'x'}])).toEqual([{id: 1, content: 'x', room_id: 15}])
    const named = message(2)
    expect(line.take([named])[0]).toBe(named)
    const dm = new Timeline({channel: {kind: 'dm', id: 3}, afterId: 0}, {settleMs: 1, pool: {held: 0}})
    dm.begin(0)
    expect(dm.take([{id: 1, content: 'x'}])).toEqual([{id: 1, content: 'x', conversation_id: 3}])
  })

  it('begins with a checkpoint before everything that it gives', () => {
    expect(pass(timeline({afterId: 7}).line, [8]).first).toEqual(checkpoint(7))
    const {line} = timeline({last: 2})
    expect(line.begin(0)).toEqual({last: 2, startAt: undefined})
    expect(line.opened(opened(18, 20, {floor: 16, before: [17, 18]}))).toEqual(checkpoint(18))
    expect(line.opened(opened(18, 20))).toBeUndefined()
  })

  it('gives what becomes visible below the start only after the start', () => {
    const {line} = timeline({last: 0})
    line.begin(0)
    line.opened(opened(20, 20, {floor: 15, before: [17, 20]}))
    line.finish(0)
    line.release()
    expect([20, 18, 17, 15].map(id => line.live(message(id)))).toEqual([false, true, false, false])
    expect(line.begin(0)).toEqual({afterId: 15})
  })

  it('does not lose what came before the first look, when the connection broke before it', () => {
    const {line, pool} = timeline({last: 2})
    line.live(message(30))
    line.live(message(29))
    line.cut()
    expect(pool.held).toBe(0)
    expect(line.begin(0)).toEqual({last: 2, startAt: 28})
  })
})

describe('what is settled', () => {
  it('is what two passes have read, the second begun an interval after the first', () => {
    const {line} = timeline()
    expect(pass(line, [1, 3], {end: 1_000}).checkpoint).toBeUndefined()
    expect(pass(line, [1, 3, 4], {at: 30_999}).checkpoint).toBeUndefined()
    expect(pass(line, [1, 2, 3, 4], {at: 31_000, end: 32_000})).toMatchObject({
      given: [2],
      checkpoint: checkpoint(3),
    })
    expect(line.begin(40_000)).toEqual({afterId: 3})
  })

  it('moves on with each such pass, and not when there is nothing new', () => {
    const {line} = timeline()
    pass(line, [1])
    expect(pass(line, [1, 2], {at: 30_000}).checkpoint).toEqual(checkpoint(1))
    expect(pass(line, [2], {at: 60_000}).checkpoint).toEqual(checkpoint(2))
    expect(pass(line, [], {at: 90_000}).checkpoint).toBeUndefined()
  })

  it('is forgotten: it takes no rows to look for, and does not come again', () => {
    const {line} = timeline()
    pass(line, [1, 2, 3, 4])
    expect(line.expectedRows(100)).toBe(14)
    expect(line.expectedRows(12)).toBe(12)
    pass(line, [1, 2, 3, 4], {at: 30_000})
    expect(line.expectedRows(100)).toBe(10)
    line.release()
    expect(line.live(message(2))).toBe(false)
  })

  it('is what was old when it was read, too', () => {
    const {line} = timeline()
    const at = (id: number, seconds: number) => ({
      ...message(id),
      created_at: new Date(seconds * 1000).toISOString(),
    })
    line.begin(0)
    line.opened(opened(0, at(9, 100)))
    expect(line.passed([at(1, 10), at(2, 30), at(3, 40)])).toEqual(checkpoint(2))
    // One that is not old, and all behind it, whatever they say of themselves.
    expect(line.passed([at(4, 10)])).toBeUndefined()
    line.cut()
    expect(line.begin(0)).toEqual({afterId: 2})
    line.opened(opened(2, at(9, 100)))
    expect(line.passed([message(3)])).toBeUndefined()
  })

  it('says which rows were not given out, without noting them', () => {
    const {line} = timeline()
    pass(line, [1, 3])
    expect(idsOf(line.unknown(messages(1, 2, 3)))).toEqual([2])
    expect(idsOf(line.unknown(messages(1, 2, 3)))).toEqual([2])
  })
})
