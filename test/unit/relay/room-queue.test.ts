import fc from 'fast-check'
import {expect, test} from 'vitest'
import {RoomQueue, type Taken} from '../../../src/lib/relay/room-queue.js'
import type {RoomPart, StoredRoom} from '../../../src/lib/state/redis/room-store.js'

const channel = {kind: 'room', id: 15} as const

function open(stored?: StoredRoom): RoomQueue {
  return new RoomQueue({channel, name: 'room:15', token: 7, stored})
}

function taken(id: number, late = false): Taken {
  return {message: {id, content: `text ${id}`}, late}
}

/** What Redis would have after these parts: entries with whether they are late, and how far the room is. */
class Ledger {
  readonly entries: [number, boolean][] = []
  stored: StoredRoom | undefined

  apply({seq, afterId, done, words}: RoomPart): void {
    expect(seq).toBe(this.stored?.seq ?? 0)
    const before = this.stored?.done ?? ''
    this.stored = {seq: seq + 1, afterId, done: done.isWhole ? done.text : `${before}.${done.text}`}
    for (let at = 0; at < words.length; ) {
      const end = at + 1 + Number(words[at])
      const fields = words.slice(at + 1, end)
      this.entries.push([Number(fields[1]), fields.includes('late')])
      at = end
    }
  }
}

test('one part at a time, of so many messages at most, the next one once it is written', () => {
  const room = open()
  for (const id of [1, 2, 3]) room.add(taken(id))
  const ledger = new Ledger()
  const part = room.take(2)
  expect([room.take(2), room.pending, room.isBusy]).toEqual([undefined, 3, true])
  ledger.apply(part!)
  expect([room.written(), room.pending, room.isKnown]).toEqual([2, 1, true])
  ledger.apply(room.take(2)!)
  room.written()
  expect([room.take(2), room.isBusy, room.writtenTo]).toEqual([undefined, false, 3])
  expect(ledger.entries.map(([id]) => id)).toEqual([1, 2, 3])
})

test('a checkpoint goes with the last message before it, or alone', () => {
  const room = open()
  room.checkpoint(10)
  expect(room.take(5)).toMatchObject({seq: 0, afterId: 10, words: [], done: {text: '', isWhole: true}})
  room.written()
  room.add(taken(11))
  room.add(taken(13))
  room.checkpoint(11)
  expect(room.take(1)).toMatchObject({seq: 1, afterId: 10})
  room.written()
  expect(room.take(1)).toMatchObject({seq: 2, afterId: 11, done: {isWhole: true}})
  room.written()
  expect(room.resumption).toEqual({channel, afterId: 11, delivered: [13], seenTo: 13})
})

test('what is lower than what was written before is late, whatever the feed says, over a takeover too', () => {
  const ledger = new Ledger()
  const first = open()
  first.checkpoint(4)
  for (const id of [5, 9, 7]) first.add(taken(id))
  ledger.apply(first.take(10)!)
  const second = open(ledger.stored)
  for (const item of [taken(8), taken(10), taken(12, true), taken(11)]) second.add(item)
  ledger.apply(second.take(10)!)
  expect(ledger.entries).toEqual([
    [5, false],
    [9, false],
    [7, true],
    [8, true],
    [10, false],
    [12, true],
    [11, true],
  ])
})

test('what was never written says nothing of where to go on', () => {
  expect([open().resumption, open().isKnown, open().writtenTo]).toEqual([undefined, false, undefined])
})

/** Ids in any order, checkpoints that are true, and members that die with a part written or not. */
const step = fc.oneof(
  {weight: 6, arbitrary: fc.record({type: fc.constant('add' as const), jump: fc.integer({min: -3, max: 6})})},
  {weight: 2, arbitrary: fc.record({type: fc.constant('checkpoint' as const)})},
  {
    weight: 3,
    arbitrary: fc.record({type: fc.constant('write' as const), most: fc.integer({min: 1, max: 4})}),
  },
  {weight: 1, arbitrary: fc.record({type: fc.constant('die' as const), underWay: fc.boolean()})},
)

test('each id is in the stream once, and a later member wants exactly what is not', () => {
  fc.assert(
    fc.property(fc.array(step, {maxLength: 60}), steps => {
      const ledger = new Ledger()
      let room = open()
      room.checkpoint(100)
      let [highest, floor] = [100, 100]
      let added = new Set<number>()
      for (const it of steps) {
        if (it.type === 'add') {
          const id = Math.max(floor + 1, highest + it.jump)
          const isThere = ledger.entries.some(([other]) => other === id)
          if (added.has(id) || isThere) continue
          added.add(id)
          highest = Math.max(highest, id)
          room.add(taken(id))
        } else if (it.type === 'checkpoint') {
          floor = highest
          room.checkpoint(floor)
        } else {
          const part = room.take(it.type === 'write' ? it.most : 9)
          if (part !== undefined && (it.type === 'write' || it.underWay)) ledger.apply(part)
          if (part !== undefined && it.type === 'write') room.written()
          if (it.type === 'write' || ledger.stored === undefined) continue
          room = open(ledger.stored)
          added = new Set()
          floor = ledger.stored.afterId
          const {afterId = 0, delivered, seenTo} = room.resumption!
          expect(seenTo).toBe(Math.max(afterId, ...ledger.entries.map(([id]) => id)))
          const ids = ledger.entries.map(([id]) => id)
          expect(new Set(delivered)).toEqual(new Set(ids.filter(id => id > afterId)))
        }
      }
      const ids = ledger.entries.map(([id]) => id)
      expect(new Set(ids).size).toBe(ids.length)
      let last = 0
      for (const [id, late] of ledger.entries) {
        expect(late).toBe(id < last)
        last = Math.max(last, id)
      }
    }),
  )
})
