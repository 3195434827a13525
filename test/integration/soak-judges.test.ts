import {describe, expect, it} from 'vitest'
import {median, type Sample, trendOf} from '../soak/hour/slope.js'
import {growthOf} from '../soak/hour/steadiness.js'
import {faultsOf, judge} from '../soak/relay/judge.js'
import {Takeovers} from '../soak/relay/takeovers.js'
import {Dice} from '../soak/tail/dice.js'

const truth = new Map([1, 2, 3, 4].map(id => [id, {roomId: id % 2, content: `message ${id}`}]))
const entry = (id: number, isLate = false): Parameters<typeof judge>[1][number] => ({
  id,
  roomId: id % 2,
  content: `message ${id}`,
  isLate,
})

describe('the judge of a stream', () => {
  it('finds nothing wrong with rooms that are each in order', () => {
    expect(faultsOf(judge(truth, [entry(2), entry(1), entry(4), entry(3)]))).toEqual([])
  })

  it('names what is lost, twice, wrong and out of order', () => {
    const wrong = {...entry(4), content: 'else'}
    const verdict = judge(truth, [entry(3), entry(1), entry(3), wrong])
    expect(verdict).toEqual({lost: [2], twice: [3], wrong: [4], unordered: [1]})
  })

  it('lets what says that it is late be behind', () => {
    expect(judge(truth, [entry(3), entry(1, true)]).unordered).toEqual([])
  })
})

describe('takeovers', () => {
  const rooms = (member: string): ReadonlyMap<number, string> => new Map([[7, member]])

  it('last until another member has the room that works', () => {
    const takeovers = new Takeovers()
    const working = new Set(['b'])
    takeovers.look(rooms('a'), () => true, 0)
    takeovers.struck('a', 'kill', 1_000)
    takeovers.look(rooms('a'), member => working.has(member), 3_000)
    expect(takeovers.open).toHaveLength(1)
    takeovers.look(rooms('b'), member => working.has(member), 5_000)
    expect(takeovers.done).toMatchObject([{roomId: 7, tookMs: 4_000, isSame: false}])
  })

  it('are none where the very member is back in time', () => {
    const takeovers = new Takeovers()
    takeovers.look(rooms('a'), () => true, 0)
    takeovers.struck('a', 'freeze', 1_000)
    takeovers.look(rooms('a'), () => true, 2_500)
    expect(takeovers.done).toMatchObject([{isSame: true}])
  })
})

describe('the trend of memory', () => {
  /** An hour, a sample each 10 s: 100 MiB, garbage of up to 8 MiB, and what leaks. */
  const hour = (leakPerHour: number): Sample[] => {
    const dice = new Dice(5)
    return Array.from({length: 360}, (_, nth) => ({
      atMin: nth / 6,
      value: 100 + (leakPerHour * nth) / 360 + dice.between(0, 800) / 100,
    }))
  }

  it('finds none in noise, nor in what shrinks', () => {
    expect(growthOf('memory', trendOf(hour(0), median))).toEqual([])
    expect(growthOf('memory', trendOf(hour(-20), median))).toEqual([])
  })

  it('finds a leak of 10 MiB an hour', () => {
    const trend = trendOf(hour(10), median)
    expect(trend.low).toBeGreaterThan(1)
    expect(trend.high).toBeGreaterThan(10)
    expect(growthOf('memory', trend)).toHaveLength(1)
  })
})
