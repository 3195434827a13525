import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type AttemptsOptions, retryDelayMs, runAttempts} from '../../../../src/lib/cli/hooks/attempts.js'
import type {HookOutcome} from '../../../../src/lib/cli/hooks/run-hook.js'
import {Sleeps} from './kit.js'

const failed = (reason = 'exit code 1', isFinal = false): HookOutcome => ({type: 'failed', reason, isFinal})

/** Tries that end as given, and what was said and waited for meanwhile. */
async function attemptsOf(outcomes: readonly HookOutcome[], options: Partial<AttemptsOptions> = {}) {
  const sleeps = new Sleeps()
  const told: unknown[] = []
  let runs = 0
  const outcome = await runAttempts(async () => outcomes[runs++]!, {
    retries: 2,
    signal: new AbortController().signal,
    sleep: sleeps.sleep,
    random: () => 0.5,
    onRetry: about => told.push(about),
    ...options,
  })
  return {outcome, runs, told, waits: sleeps.asked}
}

describe('a hook', () => {
  it('that ends well is run once', async () => {
    expect(await attemptsOf([{type: 'done'}])).toEqual({
      outcome: {type: 'done'},
      runs: 1,
      told: [],
      waits: [],
    })
  })

  it('that fails is tried again after growing delays', async () => {
    const {outcome, runs, told, waits} = await attemptsOf([failed('x'), failed('y'), {type: 'done'}])
    expect(outcome).toEqual({type: 'done'})
    expect(runs).toBe(3)
    expect(waits).toEqual([500, 1000])
    expect(told).toEqual([
      {reason: 'x', next: 2, delayMs: 500},
      {reason: 'y', next: 3, delayMs: 1000},
    ])
  })

  it('that goes on failing has failed for the last reason', async () => {
    const {outcome, runs} = await attemptsOf([failed('x'), failed('y'), failed('z')])
    expect(outcome).toEqual({type: 'failed', reason: 'z', attempts: 3})
    expect(runs).toBe(3)
  })

  it('without retries is run once', async () => {
    const {outcome} = await attemptsOf([failed('x')], {retries: 0})
    expect(outcome).toEqual({type: 'failed', reason: 'x', attempts: 1})
  })

  it('that fails for good is not tried again', async () => {
    const {outcome, runs, waits} = await attemptsOf([failed('x', true)])
    expect(outcome).toEqual({type: 'failed', reason: 'x', attempts: 1})
    expect({runs, waits}).toEqual({runs: 1, waits: []})
  })

  it('that was stopped is not tried again', async () => {
    expect(await attemptsOf([{type: 'stopped'}])).toMatchObject({outcome: {type: 'stopped'}, runs: 1})
  })
})

describe('after an abort', () => {
  it('no try begins', async () => {
    expect(await attemptsOf([], {signal: AbortSignal.abort()})).toMatchObject({
      outcome: {type: 'stopped'},
      runs: 0,
    })
  })

  it.each([
    ['with an error', async () => Promise.reject(new Error('aborted'))],
    ['without one', async () => undefined],
  ])('a wait that ends %s is followed by no try', async (_how, ending) => {
    const controller = new AbortController()
    const sleep = () => {
      controller.abort()
      return ending()
    }
    const {outcome, runs} = await attemptsOf([failed()], {signal: controller.signal, sleep})
    expect({outcome, runs}).toEqual({outcome: {type: 'stopped'}, runs: 1})
  })

  it.each<[string, HookOutcome, number, unknown]>([
    ['that it is done', {type: 'done'}, 2, {type: 'done'}],
    ['its last failure', failed('x'), 0, {type: 'failed', reason: 'x', attempts: 1}],
    ['no failure with tries left', failed('x'), 2, {type: 'stopped'}],
  ])('of a try that runs counts %s', async (_what, ending, retries, expected) => {
    const controller = new AbortController()
    const told: unknown[] = []
    const once = async () => {
      controller.abort()
      return ending
    }
    const {sleep} = new Sleeps()
    const {signal} = controller
    const options = {retries, signal, sleep, random: () => 0, onRetry: (about: unknown) => told.push(about)}
    expect(await runAttempts(once, options)).toEqual(expected)
    expect(told).toEqual([])
  })
})

describe('the delays', () => {
  it('have full jitter under a ceiling that doubles, up to a minute', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 2000}),
        fc.double({min: 0, max: 0.999, noNaN: true}),
        (attempt, chance) => {
          const delayMs = retryDelayMs(attempt, chance)
          expect(delayMs).toBeGreaterThanOrEqual(0)
          expect(delayMs).toBeLessThanOrEqual(60_000)
          expect(delayMs).toBe(chance * Math.min(1000 * 2 ** (attempt - 1), 60_000))
        },
      ),
    )
    expect(retryDelayMs(3, 0.5)).toBe(2000)
  })
})
