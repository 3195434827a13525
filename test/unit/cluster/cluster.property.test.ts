import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {FakeStore, ManualClock, TestMember} from '../../support/cluster.js'

const TTL_MS = 4000
/** Until all know of each other, have handed over what is to be handed over, and have taken it. */
const QUIET_MS = TTL_MS + 10_000

type ToAll = 'join' | 'away' | 'back' | 'empty' | 'new'
type ToOne = 'leave' | 'crash' | 'freeze' | 'thaw' | 'hear'
type Step = {readonly do: ToAll} | {readonly do: ToOne; readonly who: number}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({do: fc.constantFrom<ToOne[]>('leave', 'crash', 'freeze', 'thaw', 'hear'), who: fc.nat(9)}),
  fc.record({do: fc.constantFrom<ToAll[]>('join', 'join', 'away', 'back', 'empty', 'new')}),
)
const schedule = fc.array(fc.record({step, thenMs: fc.nat(4000)}), {maxLength: 25})

/** A group that things happen to. */
class Group {
  readonly clock = new ManualClock()
  readonly store = new FakeStore(this.clock)
  readonly members: TestMember[] = []
  names = Array.from({length: 7}, (_, index) => `${index}`)
  #isAway = false
  #emptiedMs = Number.NEGATIVE_INFINITY
  /** Also those who have gone. */
  readonly #all: TestMember[] = []
  readonly #stopped = new Map<string, Promise<void>>()
  readonly #thaw = new Map<string, () => void>()

  constructor() {
    this.store.before = async (_, member) => {
      await this.#stopped.get(member)
      if (this.#isAway) throw new Error('away')
    }
  }

  apply(step: Step): void {
    if ('who' in step) this.#with(step.do, step.who % Math.max(1, this.members.length))
    else if (step.do === 'join') this.#join()
    else if (step.do === 'new') this.names = [...this.names, `${this.names.length}`]
    else if (step.do === 'empty') this.#empty()
    else this.#isAway = step.do === 'away'
  }

  /** Who is sure of it. After all was lost, nobody can know of somebody else for a while. */
  sureOf(name: string): number {
    const isKnown = this.clock.nowMs >= this.#emptiedMs + TTL_MS
    return isKnown ? this.#all.filter(({cluster}) => cluster.isSure(name)).length : 0
  }

  /** All is well again: everybody goes on, and has heard of everything. */
  calm(): void {
    this.#isAway = false
    for (const thaw of this.#thaw.values()) thaw()
    if (this.members.length === 0) this.#join()
    for (const member of this.members) member.names = this.names
  }

  #join(): void {
    const member = new TestMember(`m${this.#all.length}`, this.store, this.clock, this.names)
    member.handingOver = () => this.clock.sleep(700, new AbortController().signal)
    this.members.push(member)
    this.#all.push(member)
  }

  #with(what: ToOne, index: number): void {
    const member = this.members[index]
    if (member === undefined) return
    if (what === 'hear') member.names = this.names
    if (what === 'freeze') this.#freeze(member.name)
    if (what === 'thaw') this.#thaw.get(member.name)?.()
    if (what === 'crash' || what === 'leave') this.members.splice(index, 1)
    if (what === 'crash') this.#crash(member.name)
    if (what === 'leave') void member.cluster.leave()
  }

  #empty(): void {
    this.store.empty()
    this.#emptiedMs = this.clock.nowMs
  }

  #crash(name: string): void {
    this.#stopped.set(name, new Promise(() => undefined))
    this.#thaw.delete(name)
  }

  #freeze(name: string): void {
    if (this.#stopped.has(name)) return
    const thawed = new Promise<void>(resolve => this.#thaw.set(name, resolve))
    this.#stopped.set(name, thawed)
    void thawed.then(() => this.#stopped.delete(name))
  }
}

describe('a group, whatever happens to it', () => {
  it('never has two that are sure of the same, and shares all evenly once it is left alone', async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async steps => {
        const group = new Group()
        for (const {step, thenMs} of steps) {
          group.apply(step)
          for (let restMs = thenMs; restMs >= 0; restMs -= 500) {
            await group.clock.advance(Math.min(500, restMs))
            for (const name of group.names) {
              expect(group.sureOf(name)).toBeLessThanOrEqual(1)
            }
          }
        }
        group.calm()
        await group.clock.advance(QUIET_MS)
        const held = group.members.map(member => member.held)
        expect(held.flat().sort()).toEqual([...group.names].sort())
        const counts = held.map(({length}) => length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
      }),
      {numRuns: 80},
    )
  })

  it('leaves nothing to nobody while one hears of something new before another', async () => {
    const group = new Group()
    for (let nth = 0; nth < 3; nth++) group.apply({do: 'join'})
    await group.clock.advance(QUIET_MS)
    for (let nth = 0; nth < 24; nth++) {
      const known = group.names
      for (let more = 16; more <= Math.max(16, nth); more++) group.apply({do: 'new'})
      group.apply({do: 'hear', who: nth % 3})
      await group.clock.advance(QUIET_MS)
      expect(group.members.flatMap(({held}) => held)).toEqual(expect.arrayContaining(known))
      group.calm()
      await group.clock.advance(QUIET_MS)
    }
  })
})
