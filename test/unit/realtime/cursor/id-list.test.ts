import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {IdList} from '../../../../src/lib/realtime/cursor/id-list.js'

const HIGHEST = Number.MAX_SAFE_INTEGER
const anyId = fc.oneof(
  fc.integer({min: 1, max: 60}),
  fc.integer({min: 1, max: HIGHEST}),
  fc.integer({min: 0, max: 40}).map(below => HIGHEST - below),
)

function listOf(ids: Iterable<number>): IdList {
  const list = new IdList()
  for (const id of ids) list.add(id)
  return list
}

function idsOf(list: IdList | undefined): number[] | undefined {
  return list?.above(0, Number.POSITIVE_INFINITY)
}

function ascending(ids: Iterable<number>): number[] {
  return [...new Set(ids)].sort((a, b) => a - b)
}

describe('a list of ids', () => {
  it('is read from its text as it was, whatever ids in whatever order', () => {
    fc.assert(
      fc.property(fc.array(anyId, {maxLength: 200}), ids => {
        const list = listOf(ids)
        expect(idsOf(list)).toEqual(ascending(ids))
        expect(idsOf(IdList.decode(list.encode()))).toEqual(ascending(ids))
      }),
    )
  })

  it('does what a set does, its text read in between', () => {
    const step = fc.record({
      what: fc.constantFrom('add', 'add', 'add', 'remove', 'dropTo', 'text'),
      id: fc.integer({min: 1, max: 12}),
    })
    fc.assert(
      fc.property(fc.array(step, {maxLength: 80}), steps => {
        let list = new IdList()
        let model = new Set<number>()
        for (const {what, id} of steps) {
          if (what === 'add') model.add(id)
          if (what === 'remove') model.delete(id)
          if (what === 'dropTo') model = new Set([...model].filter(kept => kept > id))
          if (what === 'text') list = IdList.decode(list.encode()) ?? expect.fail('no text of its own')
          else list[what as 'add' | 'remove' | 'dropTo'](id)
          expect(idsOf(list)).toEqual(ascending(model))
        }
      }),
      {numRuns: 500},
    )
  })

  it('does so in tens of thousands of ranges, too', () => {
    const even = Array.from({length: 20_000}, (_, nth) => 2 * nth + 2)
    const inHalves = listOf([
      ...even.filter((_, nth) => nth % 2 === 0),
      ...even.filter((_, nth) => nth % 2 === 1),
    ])
    expect(idsOf(inHalves)).toEqual(even)
    for (const id of even) if (id % 3 === 0) inHalves.remove(id)
    const left = even.filter(id => id % 3 !== 0)
    expect(idsOf(inHalves)).toEqual(left)
    for (const id of left) if (id > 10_000 && id < 30_000) inHalves.remove(id)
    const rest = left.filter(id => id <= 10_000 || id >= 30_000)
    expect(idsOf(IdList.decode(inHalves.encode()))).toEqual(rest)
    inHalves.dropTo(5_001)
    expect(idsOf(IdList.decode(inHalves.encode()))).toEqual(rest.filter(id => id > 5_001))
    for (let id = 1; id <= 40_000; id += 1) inHalves.add(id)
    expect(inHalves.above(39_998, 10)).toEqual([39_999, 40_000])
  })

  it('takes ids in front, joined to those there or not', () => {
    const list = listOf([10, 11])
    list.prepend(8, 10)
    list.prepend(3, 5)
    list.prepend(2, 2)
    expect(idsOf(list)).toEqual([3, 4, 8, 9, 10, 11])
    const empty = new IdList()
    empty.prepend(5, 7)
    empty.add(7)
    expect(idsOf(empty)).toEqual([5, 6, 7])
  })

  it('takes an id behind one that was there and is gone', () => {
    const list = listOf([1, 5])
    list.remove(5)
    list.add(6)
    expect(idsOf(list)).toEqual([1, 6])
  })

  it('gives the lowest ids above one, no more than wanted', () => {
    const list = listOf([5, 6, 7, 20, 30])
    expect(list.above(5, 3)).toEqual([6, 7, 20])
    expect(list.above(30, 3)).toEqual([])
  })

  it('tells how far the ids go without a hole', () => {
    const list = listOf([5, 6, 7, 20])
    expect(list.lastOfRun(5)).toBe(7)
    expect(list.lastOfRun(4)).toBe(3)
    expect(new IdList().lastOfRun(4)).toBe(3)
  })
})

describe('the text of a list', () => {
  it.each([
    ['nothing', [], ''],
    ['a million ids in a row', Array.from({length: 1_000_000}, (_, nth) => nth + 1), 'B*gywe'],
    ['ids apart', [1, 3, 40], 'BBkB'],
  ])('is short for %s', (_, ids, text) => {
    expect(listOf(ids).encode()).toBe(text)
  })

  it('takes one to two characters an id where every tenth is there', () => {
    const ids = Array.from({length: 100_000}, (_, nth) => 9_000_000 + nth * 10)
    expect(listOf(ids).encode().length).toBeLessThan(1.1 * ids.length)
  })

  it.each(['!', 'B*', 'B*A', 'A', 'g', 'B.', '.B', 'B..C', 'C.B', 'B C', '__________P'])(
    'is refused when it is %s',
    text => {
      expect(IdList.decode(text)).toBeUndefined()
    },
  )

  it('is refused where a number in it has no end', () => {
    expect(IdList.decode(`${'_'.repeat(400)}A`)).toBeUndefined()
  })

  it('is refused or read, never anything else', () => {
    const noise = fc.string({unit: fc.constantFrom(...'ABgf_*.!'), maxLength: 30})
    fc.assert(
      fc.property(noise, text => {
        const list = IdList.decode(text)
        if (list === undefined) return
        const ids = list.above(0, 500)
        expect(ids).toEqual(ascending(ids))
        expect(ids.every(id => id >= 1 && id <= HIGHEST)).toBe(true)
      }),
    )
  })

  it('is not written anew where nothing has changed', () => {
    const list = listOf(Array.from({length: 10_000}, (_, nth) => 2 * nth + 2))
    const before = list.encode().split('.')
    list.add(30_000)
    list.add(11)
    const after = list.encode().split('.')
    expect(after).toHaveLength(before.length)
    expect(after.filter((part, nth) => part !== before[nth])).toHaveLength(2)
  })
})
