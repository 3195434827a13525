import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {spread} from '../../../src/lib/cluster/spread.js'

const names = fc.uniqueArray(fc.oneof(fc.nat(5000).map(String), fc.string()), {maxLength: 120})
const members = fc.uniqueArray(fc.oneof(fc.string(), fc.uuid()), {
  minLength: 1,
  maxLength: 12,
})

function loads(owners: ReadonlyMap<string, string>, all: readonly string[]): number[] {
  return all.map(member => [...owners.values()].filter(owner => owner === member).length)
}

/** How many of these have another owner. */
function moves(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  among: readonly string[],
) {
  return among.filter(name => before.get(name) !== after.get(name)).length
}

describe('the spread of work over members', () => {
  it('gives each name to one member, and each member as many as any other or one more', () => {
    fc.assert(
      fc.property(names, members, (work, all) => {
        const owners = spread(work, all)
        expect([...owners.keys()].sort()).toEqual([...work].sort())
        const counts = loads(owners, all)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is the same for all, in whatever order they know names and members', () => {
    const shuffled = fc
      .tuple(names, members)
      .chain(([work, all]) =>
        fc.tuple(
          fc.constant({work, all}),
          fc.shuffledSubarray(work, {minLength: work.length}),
          fc.shuffledSubarray(all, {minLength: all.length}),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([{work, all}, otherWork, otherAll]) => {
        const twice = spread([...otherWork, ...otherWork], [...otherAll, ...otherAll])
        expect(moves(spread(work, all), twice, work)).toBe(0)
      }),
    )
  })

  it('moves at most twice the share of one member, and one for each, when a member comes or goes', () => {
    fc.assert(
      fc.property(names, members, fc.uuid(), (work, all, other) => {
        fc.pre(!all.includes(other))
        const share = Math.ceil(work.length / (all.length + 1))
        const moved = moves(spread(work, all), spread(work, [...all, other]), work)
        expect(moved).toBeLessThanOrEqual(2 * share + all.length + 1)
      }),
    )
  })

  it('moves no more than one for each member when a name comes or goes', () => {
    fc.assert(
      fc.property(names, members, fc.uuid(), (work, all, other) => {
        const moved = moves(spread(work, all), spread([...work, other], all), work)
        expect(moved).toBeLessThanOrEqual(all.length)
      }),
    )
  })

  it('moves few more than it must where there is much', () => {
    const rooms = Array.from({length: 1000}, (_, index) => `${index + 1}`)
    const all = ['a', 'b', 'c', 'd']
    expect(moves(spread(rooms, all), spread(rooms, all.slice(1)), rooms)).toBeLessThan(300)
  })

  it("is nobody's where there is no member, and empty without names", () => {
    expect(spread(['1'], []).size).toBe(0)
    expect(spread([], ['a']).size).toBe(0)
  })
})
