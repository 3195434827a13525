import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {LocalLine, memoryStore} from '../../../../src/lib/state/budget/local-line.js'
import {type LinePlace, SharedBudget} from '../../../../src/lib/state/budget/shared-budget.js'
import type {Line, Place} from '../../../../src/lib/state/budget/types.js'

const START_MS = 1_700_000_000_000

/** A line in memory, and a clock that moves when a budget sleeps. */
function world(ownLimit = 60) {
  const clock = {nowMs: START_MS}
  const line = new LocalLine(memoryStore(), {ownLimit, now: () => clock.nowMs})
  const slept: number[] = []
  const sleep = async (delayMs: number) => {
    slept.push(delayMs)
    clock.nowMs += delayMs
  }
  return {clock, line, slept, sleep}
}

const at = (line: Line): LinePlace => ({open: async () => line})

/** A line of which nothing works. */
function broken(closed: string[] = []): Line {
  const fail = async () => Promise.reject(new Error('gone'))
  return {enter: fail, leave: fail, stops: fail, note: fail, close: async () => void closed.push('closed')}
}

describe('taking', () => {
  test('waits for its turn, and tells of it before', async () => {
    const {line, slept, sleep} = world()
    const told: Place[] = []
    const budget = new SharedBudget({places: [at(line)], sleep, onWait: place => told.push(place)})
    for (let nth = 0; nth < 5; nth++) expect(await budget.take()).toBe(0)
    expect(await budget.take()).toBe(1000)
    expect(slept).toEqual([1000])
    expect(told).toMatchObject([{waitMs: 1000, limit: 60}])
  })

  test('opens the line once, and only when it is needed', async () => {
    const {line, sleep} = world()
    let opened = 0
    const open = async () => {
      opened += 1
      return line
    }
    const budget = new SharedBudget({places: [{open}], sleep})
    await budget.close()
    expect(opened).toBe(0)
    await Promise.all([budget.take(), budget.take()])
    expect(opened).toBe(1)
  })

  test('refuses a wait that is too long before it begins', async () => {
    const {line, slept, sleep} = world(6)
    const budget = new SharedBudget({places: [at(line)], sleep})
    await budget.take()
    const refusal = await budget.take(undefined, 9999).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(VezaError)
    expect(refusal).toMatchObject({
      code: 'rate_limited',
      exitCode: 5,
      message: 'the rate limit (6 a minute) is used up for 10 s, longer than --max-wait allows',
      hint: 'try again in 10 s, or allow a longer wait with --max-wait (VEZA_MAX_WAIT)',
      retryAfterMs: 10_000,
    })
    expect(slept).toEqual([])
    expect(await budget.take(undefined, 10_000)).toBe(10_000)
  })

  test('takes a new place when the server stopped the line in the meantime', async () => {
    const {clock, line, slept} = world()
    const sleep = async (delayMs: number) => {
      slept.push(delayMs)
      if (slept.length === 1) await line.note({waitMs: 7000})
      clock.nowMs += delayMs
    }
    const budget = new SharedBudget({places: [at(line)], sleep})
    for (let nth = 0; nth < 5; nth++) await budget.take()
    expect(await budget.take()).toBe(7000)
    expect(slept).toEqual([1000, 6000])
  })

  test('counts all its waits against the longest one', async () => {
    const {clock, line} = world()
    const sleep = async (delayMs: number) => {
      await line.note({waitMs: 7000})
      clock.nowMs += delayMs
    }
    const budget = new SharedBudget({places: [at(line)], sleep})
    for (let nth = 0; nth < 5; nth++) await budget.take()
    await expect(budget.take(undefined, 6999)).rejects.toMatchObject({retryAfterMs: 6000})
  })

  test('gives its place back when it is ended', async () => {
    const {line} = world()
    const controller = new AbortController()
    const reason = new VezaError('interrupted', 'interrupted')
    const sleep = async (_delayMs: number, signal: AbortSignal | undefined) => {
      controller.abort(reason)
      throw new Error(`aborted: ${signal?.aborted}`)
    }
    const budget = new SharedBudget({places: [at(line)], sleep})
    for (let nth = 0; nth < 5; nth++) await budget.take()
    await expect(budget.take(controller.signal)).rejects.toBe(reason)
    expect(await line.enter(60_000)).toMatchObject({waitMs: 1000})
    await expect(budget.take(controller.signal)).rejects.toBe(reason)
  })
})

describe('a place that fails', () => {
  test('is told once and replaced by the next, also when many notice at once', async () => {
    const {line, sleep} = world()
    const closed: string[] = []
    const failures: unknown[] = []
    const onFailure = (error: unknown): void => void failures.push((error as Error).message)
    const places = [
      {open: async () => Promise.reject(new Error('no way')), onFailure},
      {...at(broken(closed)), onFailure},
      {...at(line), onFailure},
    ]
    const budget = new SharedBudget({places, sleep})
    await Promise.all(Array.from({length: 5}, () => budget.take()))
    expect(failures).toEqual(['no way', 'gone'])
    expect(closed).toEqual(['closed'])
    expect(await line.enter(60_000)).toMatchObject({waitMs: 1000})
  })

  test('in the middle of a wait costs no more than another wait', async () => {
    const first = world()
    const {line, sleep} = world()
    const dying: Line = {
      enter: maxWaitMs => first.line.enter(maxWaitMs),
      leave: async () => undefined,
      stops: async () => Promise.reject(new Error('gone')),
      note: async () => undefined,
      close: async () => undefined,
    }
    const budget = new SharedBudget({places: [at(dying), at(line)], sleep})
    for (let nth = 0; nth < 5; nth++) await budget.take()
    expect(await budget.take()).toBe(1000)
  })

  test('is the end of it where it is the last', async () => {
    const budget = new SharedBudget({places: [at(broken())]})
    await expect(budget.take()).rejects.toThrow('gone')
    await budget.close()
  })
})

describe('what the server said', () => {
  test('is passed on where it is news, and only then', async () => {
    const {line, sleep} = world()
    const noted: unknown[] = []
    const listening: Line = {
      enter: maxWaitMs => line.enter(maxWaitMs),
      leave: place => line.leave(place),
      stops: () => line.stops(),
      note: async words => {
        noted.push(words)
        await line.note(words)
      },
      close: async () => undefined,
    }
    const budget = new SharedBudget({places: [at(listening)], sleep})
    await budget.take()
    for (const words of [
      {limit: 0},
      {limit: 60},
      {limit: 60},
      {},
      {waitMs: 5},
      {limit: 60, waitMs: 5},
      {limit: 0},
    ])
      await budget.note(words)
    expect(noted).toEqual([{limit: 60}, {waitMs: 5}, {limit: 60, waitMs: 5}, {limit: 0}])
    const other = new SharedBudget({places: [at(listening)], sleep})
    await line.note({limit: 30})
    await other.take()
    await other.note({limit: 30})
    expect(noted).toHaveLength(4)
  })
})
