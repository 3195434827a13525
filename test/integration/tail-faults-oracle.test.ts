import {describe, expect, test} from 'vitest'
import {FAULT_KINDS, occasionOf} from '../../src/sandbox/faults/spec.js'
import {Dice} from '../soak/tail/dice.js'
import {judge} from '../soak/tail/oracle.js'
import {disorder} from '../soak/tail/order.js'
import {planFaults} from '../soak/tail/plan.js'
import {Received} from '../soak/tail/received.js'

/** What the other tests of the tail believe: it has to see what is wrong. */

const delivered = (id: number, {late = false, roomId = 1, content = `${id}`} = {}) => ({
  id,
  roomId,
  content,
  late,
  atMs: 0,
})

const stored = [1, 2, 3].map(id => ({id, content: `${id}`}))

describe('the judge', () => {
  test('has nothing to say where each message came once', () => {
    expect(
      judge(
        stored,
        [2, 1, 3].map(id => delivered(id)),
      ),
    ).toEqual({lost: [], twice: [], wrong: []})
  })

  test('finds what is lost, what came twice, what is not the server’s or has other words', () => {
    const messages = [delivered(1), delivered(1), delivered(2, {content: 'other'}), delivered(4)]
    expect(judge(stored, messages)).toEqual({lost: [3], twice: [1], wrong: [2, 4]})
  })
})

describe('the order of history', () => {
  const filled = (...items: readonly (string | number)[]): Received => {
    const received = new Received()
    for (const item of items) {
      if (typeof item === 'number') received.add(delivered(item))
      else received.note(item, {room_id: 1, from: 2, to: 5, count: 3})
    }
    return received
  }

  test('is kept by what came ascending since the connection broke, whatever live messages do', () => {
    expect(disorder(filled(7, 6, 'disconnected', 2, 3, 5, 9, 8, 'gap_filled', 4))).toEqual([])
    expect(disorder(filled(3, 'reconnecting', 2, 4, 5, 'gap_filled'))).toEqual([])
  })

  test('is broken by a descent in a gap, and by a gap with less than it claims', () => {
    expect(disorder(filled('disconnected', 2, 5, 3, 'gap_filled'))).toEqual([
      '3 after 5 in the gap from 2 to 5',
    ])
    expect(disorder(filled('disconnected', 2, 3, 'gap_filled'))).toEqual(['2 of 3 in the gap from 2 to 5'])
  })

  test('says nothing of late messages and of other rooms', () => {
    const received = filled('disconnected', 2, 3, 4)
    received.add(delivered(3, {late: true}))
    received.add(delivered(3, {roomId: 2}))
    received.note('gap_filled', {room_id: 1, from: 2, to: 5, count: 3})
    expect(disorder(received)).toEqual([])
  })
})

describe('the plan of faults', () => {
  const plan = (seed: number) => planFaults({messages: 1_000, faults: 200, roomId: 1, dice: new Dice(seed)})

  test('has every kind, in the order of its moments, and is the same for the same seed', () => {
    const faults = plan(1)
    expect(new Set(faults.map(({spec}) => spec.kind))).toEqual(new Set(FAULT_KINDS))
    expect(faults.map(({atMessage}) => atMessage)).toEqual(
      faults.map(({atMessage}) => atMessage).toSorted((a, b) => a - b),
    )
    expect(plan(1)).toEqual(faults)
    expect(plan(2)).not.toEqual(faults)
  })

  test('leaves connections alone for half of the time', () => {
    const cuts = plan(1).filter(({spec}) => occasionOf(spec.kind) === 'moment')
    expect(Math.max(...cuts.map(({atMessage}) => atMessage))).toBeLessThanOrEqual(500)
    expect(Math.max(...plan(1).map(({atMessage}) => atMessage))).toBeGreaterThan(900)
  })
})
