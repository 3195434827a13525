import {array, assert, asyncProperty, integer, scheduler} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {Lanes} from '../../../../src/lib/cli/bot/lanes.js'

/** Work that ends when it is told to. */
function byHand() {
  const ends = new Map<string, () => void>()
  const begun: string[] = []
  const work = (item: string): Promise<void> => {
    begun.push(item)
    return new Promise(resolve => ends.set(item, resolve))
  }
  const end = async (item: string): Promise<void> => {
    ends.get(item)?.()
    await new Promise(setImmediate)
  }
  return {begun, work, end}
}

function never(error: unknown): never {
  throw error
}

describe('Lanes', () => {
  test('one of each lane at once, and no more lanes than it is wide', async () => {
    const {begun, work, end} = byHand()
    const lanes = new Lanes({width: 2, depth: 100, work, onFailure: never})
    for (const item of ['a1', 'b1', 'c1', 'a2']) expect(lanes.add(item[0] as string, item)).toBeUndefined()
    expect(begun).toEqual(['a1', 'b1'])
    await end('a1')
    expect(begun).toEqual(['a1', 'b1', 'c1'])
    await end('b1')
    expect(begun).toEqual(['a1', 'b1', 'c1', 'a2'])
  })

  test('a lane is dropped: what waits there is never begun, what is under way is waited for', async () => {
    const {begun, work, end} = byHand()
    const lanes = new Lanes({width: 2, depth: 100, work, onFailure: never})
    for (const item of ['a1', 'a2', 'a3', 'b1', 'b2']) lanes.add(item[0] as string, item)
    expect(lanes.size).toBe(5)
    let isOver = false
    const over = lanes.drop('a').then(() => {
      isOver = true
    })
    expect(lanes.size).toBe(3)
    await new Promise(setImmediate)
    expect(isOver).toBe(false)
    await end('a1')
    await over
    await end('b1')
    expect(begun).toEqual(['a1', 'b1', 'b2'])
    lanes.add('a', 'a4')
    expect(begun).toContain('a4')
    await lanes.drop('c')
  })

  test('asks for patience when too many wait', async () => {
    const {work, end} = byHand()
    const lanes = new Lanes({width: 1, depth: 1, work, onFailure: never})
    expect(lanes.add('a', 'a1')).toBeUndefined()
    expect(lanes.add('a', 'a2')).toBeUndefined()
    let isFree = false
    const patience = lanes.add('a', 'a3')?.then(() => {
      isFree = true
    })
    await new Promise(setImmediate)
    expect(isFree).toBe(false)
    await end('a1')
    await patience
    expect(isFree).toBe(true)
  })

  test('after a stop nothing begins, and what runs is waited for', async () => {
    const {begun, work, end} = byHand()
    const lanes = new Lanes({width: 1, depth: 9, work, onFailure: never})
    lanes.add('a', 'a1')
    lanes.add('a', 'a2')
    lanes.stop()
    let isIdle = false
    const idle = lanes.idle().then(() => {
      isIdle = true
    })
    await new Promise(setImmediate)
    expect(isIdle).toBe(false)
    await end('a1')
    await idle
    lanes.add('b', 'b1')
    expect(begun).toEqual(['a1'])
  })

  test('a failure is told once, stops all, and comes out of idle and add', async () => {
    const told: unknown[] = []
    const work = async (item: string): Promise<void> => {
      await new Promise(setImmediate)
      throw new Error(item)
    }
    const lanes = new Lanes({width: 2, depth: 9, work, onFailure: error => told.push(error)})
    for (const item of ['a1', 'a2', 'b1']) lanes.add(item[0] as string, item)
    await expect(lanes.idle()).rejects.toThrow('a1')
    expect(told).toEqual([new Error('a1')])
    await expect(lanes.add('c', 'c1')).rejects.toThrow('a1')
  })

  test('whatever takes how long: each once, in order in its lane', async () => {
    await assert(
      asyncProperty(scheduler(), array(integer({min: 0, max: 4}), {maxLength: 40}), async (s, plan) => {
        const done: [number, number][] = []
        let atOnce = 0
        const lanes = new Lanes<[number, number]>({
          width: 3,
          depth: 5,
          work: async item => {
            atOnce += 1
            expect(atOnce).toBeLessThanOrEqual(3)
            await s.schedule(Promise.resolve())
            atOnce -= 1
            done.push(item)
          },
          onFailure: never,
        })
        const feed = async (): Promise<void> => {
          for (const [at, lane] of plan.entries()) await lanes.add(String(lane), [lane, at])
          await lanes.idle()
        }
        await s.waitFor(feed())
        expect(done).toHaveLength(plan.length)
        for (let lane = 0; lane < 5; lane++) {
          const order = done.filter(([of]) => of === lane).map(([, at]) => at)
          expect(order).toEqual([...order].sort((a, b) => a - b))
        }
      }),
    )
  })
})
