import fc from 'fast-check'
import {describe, expect, it} from 'vitest'

import {type Asker, FaultPlan} from '../../../../src/sandbox/faults/plan.js'
import {seededRandom} from '../../../../src/sandbox/faults/random.js'
import {FAULT_KINDS, type FaultSpec} from '../../../../src/sandbox/faults/spec.js'

const kindOf = (plan: FaultPlan, asker: Asker, place = {}) => plan.strike(asker, place)?.spec.kind

describe('the plan', () => {
  it('strikes with nothing when nothing is armed', () => {
    const plan = new FaultPlan(1)
    expect(plan.isIdle).toBe(true)
    expect(plan.strike('call', {method: 'GET', path: '/rooms'})).toBeUndefined()
    expect(plan.counts()).toEqual(Object.fromEntries(FAULT_KINDS.map(kind => [kind, 0])))
  })

  it('strikes once unless told otherwise, then count times, and by ratio without end', () => {
    const plan = new FaultPlan(1)
    plan.arm({kind: 'html'})
    plan.arm({kind: 'hang', count: 2})
    plan.arm({kind: 'truncate', ratio: 1})
    const struck = Array.from({length: 6}, () => kindOf(plan, 'call', {path: '/rooms'}))
    expect(struck).toEqual(['html', 'hang', 'hang', 'truncate', 'truncate', 'truncate'])
    expect(plan.armed()).toEqual([{spec: {kind: 'truncate', ratio: 1}, left: Number.POSITIVE_INFINITY}])
    expect(plan.counts()).toMatchObject({html: 1, hang: 2, truncate: 3, drop: 0})
    plan.clear()
    expect([plan.isIdle, kindOf(plan, 'call', {path: '/rooms'})]).toEqual([true, undefined])
  })

  it('tells how often a kind struck before, whichever fault it was', () => {
    const plan = new FaultPlan(1)
    plan.arm({kind: 'html', count: 2})
    plan.arm({kind: 'html'})
    expect(Array.from({length: 3}, () => plan.strike('call', {path: '/x'})?.nth)).toEqual([0, 1, 2])
  })

  it.each<[string, FaultSpec, Asker]>([
    ['a call', {kind: 'rate_limit'}, 'call'],
    ['a message', {kind: 'late'}, 'message'],
    ['a broadcast', {kind: 'swallow'}, 'broadcast'],
    ['each socket of a broadcast', {kind: 'swallow', ratio: 1}, 'socket'],
    ['a broadcast that went out', {kind: 'drop', ratio: 1}, 'after'],
  ])('strikes at %s only', (_what, spec, asker) => {
    const plan = new FaultPlan(1)
    plan.arm(spec)
    const others = (['call', 'message', 'broadcast', 'socket', 'after', 'timer'] as const).filter(
      other => other !== asker,
    )
    expect(others.map(other => kindOf(plan, other, {path: '/x'}))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(kindOf(plan, asker, {path: '/x'})).toBe(spec.kind)
  })

  it('strikes when its time has come until it is used up or cleared', () => {
    const plan = new FaultPlan(1)
    const armed = plan.arm({kind: 'drop', everyMs: 10, count: 1})
    expect(plan.strikeOf(armed)?.spec.kind).toBe('drop')
    expect(plan.strikeOf(armed)).toBeUndefined()
  })

  it.each<[FaultSpec, Asker, object, object]>([
    [{kind: 'swallow', roomId: 7}, 'broadcast', {roomId: 7}, {roomId: 8}],
    [{kind: 'swallow', roomId: 7}, 'broadcast', {roomId: 7}, {}],
    [{kind: 'html', method: 'POST'}, 'call', {method: 'POST', path: '/a'}, {method: 'GET', path: '/a'}],
    [{kind: 'html', path: '/rooms/1'}, 'call', {path: '/rooms/1/messages'}, {path: '/rooms'}],
    [{kind: 'html', path: '/ws'}, 'call', {path: '/ws'}, {path: '/rooms'}],
    [{kind: 'html', path: '/'}, 'call', {path: '/rooms'}, {path: '/ws'}],
    [{kind: 'html'}, 'call', {path: '/health'}, {path: '/ws'}],
  ])('of %j strikes only where it fits', (spec, asker, fitting, other) => {
    const plan = new FaultPlan(1)
    plan.arm(spec)
    expect(plan.strike(asker, other)).toBeUndefined()
    expect(plan.strike(asker, fitting)?.spec).toBe(spec)
  })

  it('draws no chance where a fault does not fit', () => {
    const drawn = (places: readonly string[]) => {
      const plan = new FaultPlan(5)
      plan.arm({kind: 'html', ratio: 0.5, path: '/a'})
      return places.map(path => kindOf(plan, 'call', {path})).filter((_, index) => places[index] === '/a')
    }
    const mixed = Array.from({length: 60}, (_, index) => (index % 3 === 0 ? '/b' : '/a'))
    expect(drawn(mixed)).toEqual(drawn(mixed.filter(path => path === '/a')))
  })
})

describe('chance', () => {
  const strikes = (seed: number, ratio: number, length: number): boolean[] => {
    const plan = new FaultPlan(seed)
    plan.arm({kind: 'garbage', ratio})
    return Array.from({length}, () => plan.strike('broadcast') !== undefined)
  }

  it('is the same for a seed, however calls and broadcasts mix, and another for another', () => {
    const ofCalls = (mix: readonly boolean[]) => {
      const plan = new FaultPlan(3)
      plan.arm({kind: 'swallow', ratio: 0.5})
      plan.arm({kind: 'html', ratio: 0.5})
      const asked = mix.map(isCall => ({
        isCall,
        strike: plan.strike(isCall ? 'call' : 'socket', {path: '/x'}),
      }))
      return asked.filter(({isCall}) => isCall).map(({strike}) => strike !== undefined)
    }
    fc.assert(
      fc.property(fc.integer({min: 0, max: 2 ** 31}), fc.array(fc.boolean()), (seed, mix) => {
        expect(strikes(seed, 0.3, 50)).toEqual(strikes(seed, 0.3, 50))
        expect(strikes(seed, 0.5, 100)).not.toEqual(strikes(seed + 1, 0.5, 100))
        expect(ofCalls(mix)).toEqual(ofCalls(mix.filter(isCall => isCall)))
      }),
      {numRuns: 50},
    )
  })

  it('is each fault’s own', () => {
    const plan = new FaultPlan(4)
    plan.arm({kind: 'garbage', ratio: 0.5, roomId: 1})
    plan.arm({kind: 'garbage', ratio: 0.5, roomId: 2})
    const strikesIn = (roomId: number) =>
      Array.from({length: 100}, () => plan.strike('broadcast', {roomId}) !== undefined)
    expect(strikesIn(1)).not.toEqual(strikesIn(2))
  })

  it('is what the ratio says', () => {
    for (const ratio of [0.01, 0.5, 0.9]) {
      const share = strikes(11, ratio, 20_000).filter(Boolean).length / 20_000
      expect(Math.abs(share - ratio)).toBeLessThan(0.02)
    }
  })

  it('comes from 0 up to 1, and no two streams of a seed are alike', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(1_000), (seed, stream) => {
        const [one, other] = [seededRandom(seed, stream), seededRandom(seed, stream + 1)]
        const [first, second] = [Array.from({length: 20}, one), Array.from({length: 20}, other)]
        expect([...first, ...second].every(value => value >= 0 && value < 1)).toBe(true)
        expect(first).not.toEqual(second)
      }),
    )
  })
})
