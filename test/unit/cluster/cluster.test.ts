import {beforeEach, describe, expect, it} from 'vitest'
import {spread} from '../../../src/lib/cluster/spread.js'
import {FakeStore, ManualClock, TestMember} from '../../support/cluster.js'

const BEAT_MS = 1000
/** Until all know of a change, and have acted. */
const ROUND_MS = 3 * BEAT_MS
const NAMES = ['1', '2', '3', '4']
const ROOMS = [...'abcdefghijkl']

describe('a member of a group', () => {
  let clock: ManualClock
  let store: FakeStore

  beforeEach(() => {
    clock = new ManualClock()
    store = new FakeStore(clock)
  })

  const join = (member: string, names: readonly string[] = NAMES) =>
    new TestMember(member, store, clock, names)

  function gate() {
    let open = (): void => undefined
    const promise = new Promise<void>(resolve => {
      open = resolve
    })
    return {promise, open: () => open()}
  }

  /** Of each name its member, as all compute it. */
  const sharesOf = (member: string, members: readonly string[]) =>
    [...spread(NAMES, members)].flatMap(([name, owner]) => (owner === member ? [name] : [])).sort()

  it('takes all there is when it is alone', async () => {
    const a = join('a')
    expect([a.cluster.members, a.held]).toEqual([0, []])
    await clock.advance(0)
    expect(a.log).toEqual(['gained 1 2 3 4'])
    expect([a.cluster.members, a.held, a.takenOver]).toEqual([1, NAMES, 0])
    expect([...a.cluster.held.values()].map(({token}) => token)).toEqual([1, 2, 3, 4])
    await clock.advance(10 * BEAT_MS)
    expect(a.log).toHaveLength(1)
  })

  it('hands over the share of another one, which begins only when that is done', async () => {
    const a = join('a')
    await clock.advance(0)
    const {promise, open} = gate()
    a.handingOver = () => promise
    const b = join('b')
    await clock.advance(ROUND_MS)
    const others = sharesOf('b', ['a', 'b'])
    expect(a.log.at(-1)).toBe(`handOver ${others.join(' ')}`)
    expect([a.held, b.held]).toEqual([NAMES, []])
    expect(a.cluster.isSure(others[0]!)).toBe(true)
    open()
    await clock.advance(BEAT_MS)
    expect(a.held).toEqual(sharesOf('a', ['a', 'b']))
    expect(b.log).toEqual([`gained ${others.join(' ')}`])
    expect(a.cluster.isSure(others[0]!)).toBe(false)
    expect([a.log.length, b.takenOver, a.cluster.members]).toEqual([2, 0, 2])
  })

  it('takes over from one that is gone, within five seconds', async () => {
    const a = join('a')
    const b = join('b')
    await clock.advance(ROUND_MS)
    const its = a.held
    store.before = (_, member) => (member === 'a' ? new Promise(() => undefined) : undefined)
    await clock.advance(4000 + BEAT_MS)
    expect(b.held).toEqual(NAMES)
    expect(b.takenOver).toBe(its.length)
    expect(its.some(name => a.cluster.isSure(name))).toBe(false)
  })

  it('leaves nothing to one that does not answer, though nobody takes from it yet what it has', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(name => join(name, ROOMS)) as [TestMember, TestMember, TestMember]
    await clock.advance(ROUND_MS)
    const its = b.held
    const stopped = new Set(['a'])
    store.before = (_, member) => (stopped.has(member) ? new Promise(() => undefined) : undefined)
    await clock.advance(3500)
    stopped.add('b')
    expect(c.held).toHaveLength(4)
    await clock.advance(3000)
    expect(c.held).toHaveLength(8)
    expect(c.held.filter(name => its.includes(name))).toEqual([])
    await clock.advance(1500)
    expect(c.held).toEqual(ROOMS)
    expect(a.cluster.isSure('1') || b.cluster.isSure('1')).toBe(false)
  })

  it('stops at once with what somebody else has by now', async () => {
    const a = join('a')
    const b = join('b')
    await clock.advance(ROUND_MS)
    const its = a.held
    const {promise, open} = gate()
    store.before = (_, member) => (member === 'a' ? promise : undefined)
    await clock.advance(10_000)
    expect(b.held).toEqual(NAMES)
    open()
    await clock.advance(0)
    expect(a.log.at(-1)).toBe(`lost ${its.join(' ')}`)
    expect(a.held).toEqual([])
    await clock.advance(ROUND_MS)
    expect([a.held.length, b.held.length]).toEqual([2, 2])
  })

  it('is not sure while its beats fail for too long, and goes on where nobody has taken anything', async () => {
    const a = join('a')
    await clock.advance(0)
    store.before = () => Promise.reject(new Error('away'))
    await clock.advance(2999)
    expect(NAMES.map(name => a.cluster.isSure(name))).toEqual([true, true, true, true])
    await clock.advance(1)
    expect(NAMES.map(name => a.cluster.isSure(name))).toEqual([false, false, false, false])
    await clock.advance(60_000)
    expect(a.held).toEqual(NAMES)
    expect(a.log.filter(line => line === 'trouble away').length).toBeGreaterThan(30)
    store.before = () => undefined
    await clock.advance(BEAT_MS)
    expect(a.cluster.isSure('1')).toBe(true)
    expect(a.log.filter(line => !line.startsWith('trouble'))).toEqual(['gained 1 2 3 4'])
  })

  it('leaves to others what they have, when it is the first one back', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(name => join(name, ROOMS)) as [TestMember, TestMember, TestMember]
    await clock.advance(ROUND_MS)
    const before = [a, b, c].map(({log}) => [...log])
    const away = new Set(['a', 'b', 'c'])
    store.before = async (_, member) => {
      if (away.has(member)) throw new Error('away')
    }
    await clock.advance(20_000)
    away.delete('a')
    await clock.advance(5000)
    expect(a.cluster.members).toBe(1)
    away.delete('b')
    await clock.advance(1000)
    expect(a.held.length + b.held.length).toBe(8)
    expect([a, b, c].map(({log}) => log.filter(line => !line.startsWith('trouble')))).toEqual(before)
    await clock.advance(6000)
    expect([a.held.length, b.held.length, a.takenOver + b.takenOver]).toEqual([6, 6, 4])
  })

  it('takes its part at once when it was stopped itself, and not Redis', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map(name => join(name, ROOMS)) as [TestMember, TestMember, TestMember]
    await clock.advance(ROUND_MS)
    const {promise, open} = gate()
    const never = new Promise<void>(() => undefined)
    store.before = (_, member) => (member === 'a' ? promise : undefined)
    await clock.advance(5000)
    store.before = (_, member) => (member === 'c' ? never : undefined)
    open()
    await clock.advance(4000 + 2 * BEAT_MS)
    expect([a.held.length, b.held.length, c.cluster.isSure('a')]).toEqual([6, 6, false])
  })

  it('counts from when it asked, not from the answer', async () => {
    store.after = call => (call === 'beat' ? clock.sleep(1900, new AbortController().signal) : undefined)
    const a = join('a')
    await clock.advance(1900)
    expect(a.cluster.isSure('1')).toBe(true)
    store.before = () => new Promise(() => undefined)
    await clock.advance(1099)
    expect(a.cluster.isSure('1')).toBe(true)
    await clock.advance(1)
    expect(a.cluster.isSure('1')).toBe(false)
  })

  it('is not sure when the clock was set back, nor of what it does not have', async () => {
    const a = join('a')
    await clock.advance(0)
    expect(a.cluster.isSure('other')).toBe(false)
    clock.nowMs -= 1
    expect(a.cluster.isSure('1')).toBe(false)
  })

  it('leaves: hands over all, however long that takes, and others begin at their next beat', async () => {
    const a = join('a')
    const b = join('b')
    await clock.advance(ROUND_MS)
    const {promise, open} = gate()
    const its = a.held
    a.handingOver = () => promise
    const left = a.cluster.leave()
    expect(a.cluster.leave()).toBe(left)
    await clock.advance(10_000)
    expect(a.log.at(-1)).toBe(`handOver ${its.join(' ')}`)
    expect([store.owners[its[0]!], a.cluster.isSure(its[0]!)]).toEqual(['a', true])
    open()
    await left
    await a.ended
    expect([a.held, Object.values(store.owners)]).toEqual([[], ['b', 'b']])
    await clock.advance(BEAT_MS)
    expect([b.held, b.takenOver, b.cluster.members]).toEqual([NAMES, 0, 1])
  })

  it('stops with what it loses while it leaves', async () => {
    const a = join('a')
    await clock.advance(0)
    a.handingOver = () => new Promise(() => undefined)
    void a.cluster.leave()
    await clock.advance(BEAT_MS)
    store.empty()
    await clock.advance(BEAT_MS)
    expect(a.log).toEqual(['gained 1 2 3 4', 'handOver 1 2 3 4', 'lost 1 2 3 4'])
    expect(a.cluster.isSure('1')).toBe(false)
  })

  it('leaves also where the store is away, and says so', async () => {
    const a = join('a')
    await clock.advance(0)
    store.before = () => Promise.reject(new Error('away'))
    await a.cluster.leave()
    expect(a.log).toEqual(['gained 1 2 3 4', 'trouble away', 'handOver 1 2 3 4', 'trouble away'])
  })

  it('ends with its signal, and keeps what it has until it leaves', async () => {
    const a = join('a')
    await clock.advance(0)
    a.abort.abort()
    await a.ended
    expect([a.held, Object.keys(store.owners)]).toEqual([NAMES, NAMES])
    await a.cluster.leave()
    expect([a.held, store.owners]).toEqual([[], {}])
  })

  it('begins nothing once it leaves', async () => {
    const {promise, open} = gate()
    store.after = call => (call === 'beat' ? promise : undefined)
    const a = join('a')
    await clock.advance(0)
    const left = a.cluster.leave()
    open()
    await left
    expect([a.log, store.owners]).toEqual([[], {}])
  })

  it('works with what it was given though the answer was lost', async () => {
    store.after = call => (call === 'acquire' ? Promise.reject(new Error('away')) : undefined)
    const a = join('a')
    await clock.advance(0)
    expect([a.held, a.log]).toEqual([[], ['trouble away']])
    await clock.advance(BEAT_MS)
    expect([a.held, a.log]).toEqual([NAMES, ['trouble away', 'gained 1 2 3 4']])
    expect(a.cluster.held.get('4')).toEqual({name: '4', token: 4})
  })

  it('gives back also what it could not hand over in order, and tries again to give back', async () => {
    const a = join('a')
    await clock.advance(0)
    a.handingOver = () => Promise.reject(new Error('stuck'))
    let isRefused = true
    store.before = async call => {
      if (call !== 'release' || !isRefused) return
      isRefused = false
      throw new Error('away')
    }
    const b = join('b')
    await clock.advance(ROUND_MS)
    expect(a.log).toEqual(expect.arrayContaining(['trouble stuck', 'trouble away']))
    expect([a.held, b.held]).toEqual([sharesOf('a', ['a', 'b']), sharesOf('b', ['a', 'b'])])
  })

  it('follows names that come and go', async () => {
    const a = join('a', ['1', '2'])
    await clock.advance(0)
    a.names = ['2', '3']
    await clock.advance(BEAT_MS)
    expect(a.log).toEqual(['gained 1 2', 'handOver 1', 'gained 3'])
    expect([a.held, Object.keys(store.owners).sort()]).toEqual([
      ['2', '3'],
      ['2', '3'],
    ])
  })

  it('begins anew when the store has lost all it knew', async () => {
    const a = join('a')
    await clock.advance(0)
    store.empty()
    await clock.advance(BEAT_MS)
    expect(a.log).toEqual(['gained 1 2 3 4', 'lost 1 2 3 4', 'gained 1 2 3 4'])
    expect(a.cluster.held.get('1')?.token).toBe(5)
  })

  it('begins nothing anew before a hand-over of the same is done', async () => {
    const a = join('a', ['1'])
    await clock.advance(0)
    const {promise, open} = gate()
    a.handingOver = () => promise
    a.names = []
    await clock.advance(BEAT_MS)
    a.names = ['1']
    store.empty()
    await clock.advance(ROUND_MS)
    expect(a.log).toEqual(['gained 1', 'handOver 1', 'lost 1'])
    open()
    await clock.advance(0)
    expect(a.log.at(-1)).toBe('gained 1')
    expect(a.held).toEqual(['1'])
  })
})
