import {expect, it, vi} from 'vitest'
import type {ClusterStore} from '../../src/lib/state/redis/cluster-store.js'

const LONG_MS = 60_000
/** Over before anybody asks again. */
const SHORT_MS = 1

/** What every store of a cluster does: the one in Redis, and the one of tests that stands for it. */
export function describeClusterStore(current: () => ClusterStore): void {
  /** Beats until the other one counts as gone. */
  async function untilGone(member: string, other: string): Promise<void> {
    const beat = () => current().beat(member, LONG_MS)
    await vi.waitUntil(async () => !(await beat()).members.includes(other), {interval: 2, timeout: 10_000})
  }

  const namesOf = (leases: readonly {name: string}[]) => leases.map(({name}) => name)

  it('knows who is there, and who has what', async () => {
    const store = current()
    expect(await store.beat('b', LONG_MS)).toEqual({members: ['b'], lively: ['b'], leases: new Map()})
    const [lease] = await store.acquire('b', ['a room with spaces'])
    const view = await store.beat('a', LONG_MS)
    expect(view.members).toEqual(['a', 'b'])
    expect(view.leases).toEqual(new Map([['a room with spaces', {member: 'b', token: lease!.token}]]))
  })

  it('knows who was not heard of for half the time', async () => {
    const store = current()
    await store.beat('a', LONG_MS / 2 - 1)
    const {members, lively} = await store.beat('b', LONG_MS)
    expect([members, lively]).toEqual([['a', 'b'], ['b']])
    expect((await store.beat('a', LONG_MS)).lively).toEqual(['a', 'b'])
  })

  it('gives out only what is free, with growing tokens', async () => {
    const store = current()
    await store.beat('a', LONG_MS)
    await store.beat('b', LONG_MS)
    const first = await store.acquire('a', ['1', '2'])
    expect(namesOf(first)).toEqual(['1', '2'])
    expect(await store.acquire('a', ['1', '2'])).toEqual([])
    const second = await store.acquire('b', ['2', '3'])
    expect(namesOf(second)).toEqual(['3'])
    const tokens = [...first, ...second].map(({token}) => token)
    expect(tokens).toEqual([tokens[0], tokens[0]! + 1, tokens[0]! + 2])
    expect(await store.acquire('a', [])).toEqual([])
  })

  it('frees what a member has as soon as that is gone, and not before', async () => {
    const store = current()
    await store.beat('a', LONG_MS)
    const [old] = await store.acquire('a', ['1'])
    await store.beat('b', LONG_MS)
    expect(await store.acquire('b', ['1'])).toEqual([])
    await store.beat('a', SHORT_MS)
    await untilGone('b', 'a')
    const [lease] = await store.acquire('b', ['1'])
    expect(lease!.token).toBeGreaterThan(old!.token)
    expect((await store.beat('a', LONG_MS)).leases.get('1')).toEqual({member: 'b', token: lease!.token})
  })

  it('leaves a lease to a member that was gone for a while, as long as nobody has taken it', async () => {
    const store = current()
    await store.beat('a', SHORT_MS)
    await store.beat('a', LONG_MS)
    const [lease] = await store.acquire('a', ['1'])
    await store.beat('a', SHORT_MS)
    await untilGone('b', 'a')
    expect((await store.beat('a', LONG_MS)).leases.get('1')).toEqual({member: 'a', token: lease!.token})
    expect(await store.acquire('b', ['1'])).toEqual([])
  })

  it('gives nothing to a member that is gone or was never there', async () => {
    const store = current()
    expect(await store.acquire('stranger', ['1'])).toEqual([])
    await store.beat('a', SHORT_MS)
    await untilGone('b', 'a')
    expect(await store.acquire('a', ['1'])).toEqual([])
  })

  it('takes back only a lease that is still the same', async () => {
    const store = current()
    await store.beat('a', LONG_MS)
    await store.beat('b', LONG_MS)
    const [lease, other] = await store.acquire('a', ['1', '2'])
    await store.release('b', [lease!])
    await store.release('a', [{name: '1', token: lease!.token - 1}])
    expect(await store.acquire('b', ['1', '2'])).toEqual([])
    await store.release('a', [lease!, {name: 'never taken', token: 1}])
    expect(namesOf(await store.acquire('b', ['1', '2']))).toEqual(['1'])
    await store.release('a', [lease!, other!])
    expect([...(await store.beat('a', LONG_MS)).leases.keys()]).toEqual(['1'])
  })

  it('gives all back at once when a member leaves', async () => {
    const store = current()
    await store.beat('a', LONG_MS)
    await store.beat('a b', LONG_MS)
    await store.acquire('a', ['1', '2'])
    await store.acquire('a b', ['3'])
    await store.leave('a')
    expect((await store.beat('a b', LONG_MS)).members).toEqual(['a b'])
    expect(namesOf(await store.acquire('a b', ['1', '2', '3']))).toEqual(['1', '2'])
  })
}
