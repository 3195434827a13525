import {expect, test, vi} from 'vitest'
import {RoomQueue} from '../../../src/lib/relay/room-queue.js'
import {RoomsWriter} from '../../../src/lib/relay/rooms-writer.js'
import {away, refusal} from '../../../src/lib/state/redis/errors.js'
import type {PartAnswer, RoomPart} from '../../../src/lib/state/redis/room-store.js'

const FULL = refusal('redis:6379', 'OOM command not allowed')

function room(id: number): RoomQueue {
  return new RoomQueue({channel: {kind: 'room', id}, name: `room:${id}`, token: 1, stored: undefined})
}

/** A writer whose store answers what `answer` says, once it is released. */
function rig(answer: (parts: readonly RoomPart[], nth: number) => readonly PartAnswer[] | Error) {
  const calls: RoomPart[][] = []
  const told: unknown[] = []
  const sleeps: number[] = []
  const gates: (() => void)[] = []
  const abort = new AbortController()
  const state = {isGated: false}
  const writer = new RoomsWriter({
    store: {
      write: async parts => {
        calls.push([...parts])
        const nth = calls.length
        if (state.isGated) await new Promise<void>(resolve => gates.push(resolve))
        const result = answer(parts, nth)
        if (result instanceof Error) throw result
        return result
      },
    },
    effects: {random: () => 0, sleep: async delayMs => void sleeps.push(delayMs)},
    signal: abort.signal,
    onWritten: ({name}, count) => told.push([name, count]),
    onRefused: ({name}, why) => told.push([name, why]),
    onTrouble: error => told.push(error),
    onFailure: error => told.push(error),
  })
  const add = (to: RoomQueue, from: number, count: number): void => {
    for (let id = from; id < from + count; id += 1) writer.add(to, {message: {id, content: ''}, late: false})
  }
  return {writer, calls, told, sleeps, gates, abort, state, add}
}

const allWritten = (parts: readonly RoomPart[]): PartAnswer[] => parts.map(() => 'written')
const sizes = (calls: readonly RoomPart[][]) =>
  calls.map(parts => parts.map(({name, words}) => [name, words.filter(word => word === 'id').length]))

test('rooms go together, at most 500 messages at once and one part of a room at a time', async () => {
  const {writer, calls, add, told} = rig(allWritten)
  const [one, two] = [room(1), room(2)]
  add(one, 1, 700)
  add(two, 1001, 100)
  writer.flush()
  expect(sizes(calls)).toEqual([[['room:1', 500]], [['room:2', 100]]])
  expect(writer.pending).toBe(800)
  await writer.allWritten()
  expect(sizes(calls).slice(2)).toEqual([[['room:1', 200]]])
  expect([writer.pending, told]).toEqual([
    0,
    [
      ['room:1', 500],
      ['room:2', 100],
      ['room:1', 200],
    ],
  ])
})

test('what Redis does not take is tried again, the very same, with growing delays', async () => {
  const {writer, calls, told, sleeps, add} = rig((parts, nth) => {
    if (nth === 1) return away('redis:6379', 'ECONNRESET', true)
    return nth === 2 ? FULL : allWritten(parts)
  })
  const one = room(1)
  add(one, 1, 3)
  writer.flush()
  add(one, 4, 1)
  await writer.allWritten()
  expect(calls[1]).toEqual(calls[0])
  expect(calls[2]).toEqual(calls[0])
  expect(sizes(calls).map(([part]) => part![1])).toEqual([3, 3, 3, 1])
  expect(sleeps).toEqual([50, 100])
  expect(told.slice(0, 2)).toEqual([expect.objectContaining({code: 'unreachable'}), FULL])
})

test('with 5,000 messages it is full until half of them are written', async () => {
  const {writer, gates, state, add} = rig(allWritten)
  state.isGated = true
  const one = room(1)
  add(one, 1, 4_999)
  expect(writer.isFull).toBe(false)
  add(one, 5_000, 1)
  expect(writer.isFull).toBe(true)
  writer.flush()
  let [hasRoom, left] = [false, 0]
  const waited = writer.hasRoom().then(() => {
    hasRoom = true
    left = writer.pending
  })
  while (!hasRoom) {
    await vi.waitFor(() => expect(gates.length + Number(hasRoom)).toBeGreaterThan(0), {interval: 1})
    gates.shift()?.()
    await new Promise(setImmediate)
  }
  await waited
  expect([left, writer.isFull]).toEqual([2_500, false])
})

test('a room of somebody else is dropped with all that waits, the others go on', async () => {
  const {writer, told, add} = rig(parts => parts.map(({name}) => (name === 'room:1' ? 'fenced' : 'written')))
  const [one, two] = [room(1), room(2)]
  add(one, 1, 600)
  add(two, 1_001, 2)
  writer.flush()
  await Promise.all([writer.written(one), writer.written(two), writer.allWritten()])
  expect(told).toEqual([
    ['room:1', 'fenced'],
    ['room:2', 2],
  ])
  expect(writer.pending).toBe(0)
})

test('what was dropped while it was under way counts for nothing', async () => {
  const {writer, told, gates, state, add} = rig(allWritten)
  state.isGated = true
  const one = room(1)
  add(one, 1, 2)
  writer.flush()
  const written = writer.written(one)
  writer.drop(one)
  await written
  gates[0]!()
  await writer.allWritten()
  expect([told, writer.pending]).toEqual([[], 0])
})

test('a checkpoint without messages is written too', async () => {
  const {writer, calls} = rig(allWritten)
  const one = room(1)
  writer.checkpoint(one, 9)
  writer.flush()
  await writer.written(one)
  expect(calls).toMatchObject([[{name: 'room:1', afterId: 9, words: []}]])
})

test('what does not pass is told, and not tried again', async () => {
  const wrong = refusal('redis:6379', 'WRONGTYPE Operation against a key')
  const {writer, told, calls, add} = rig(() => wrong)
  add(room(1), 1, 1)
  writer.flush()
  await writer.allWritten()
  expect([told, calls.length]).toEqual([[wrong], 1])
})

test('who waits for a room that cannot be written is let go by the end of all trying', async () => {
  const {writer, abort, add} = rig(() => refusal('redis:6379', 'WRONGTYPE Operation against a key'))
  const one = room(1)
  add(one, 1, 1)
  writer.flush()
  const written = writer.written(one)
  await writer.allWritten()
  abort.abort()
  await written
})

test('the end of all trying leaves nobody waiting', async () => {
  const {writer, abort, add} = rig(() => {
    abort.abort()
    return FULL
  })
  const one = room(1)
  add(one, 1, 10_000)
  writer.flush()
  await Promise.all([writer.written(one), writer.allWritten()])
  await writer.written(one)
  expect(writer.pending).toBe(10_000)
})
