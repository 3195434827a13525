import {expect, test} from 'vitest'
import type {Context} from '../../../../src/lib/cli/context.js'
import {followConversations, followRooms} from '../../../../src/lib/cli/tail/channels.js'

const row = (id: number) => ({conversation_id: id, other_user: {id, username: `user${id}`}})

/** A context whose server lists conversations page by page of these answers. */
function contextWith(...pages: readonly {ids: number[]; has_more: boolean; total?: number}[]): Context {
  const left = [...pages]
  const list = async () => {
    const {ids, ...page} = left.shift() ?? {ids: [], has_more: false}
    return {items: ids.map(row), ...page}
  }
  return {api: {dms: {list}}, out: {verbose: () => undefined}} as unknown as Context
}

test.each([
  [{ids: [1], has_more: false}, false],
  [{ids: [1], has_more: true}, true],
  [{ids: [1], has_more: false, total: 2}, true],
])('a conversation that is found after the list %j may be old: %s', async (first, mayBeOld) => {
  const followed = await followConversations(contextWith(first, {ids: [1, 2], has_more: false}), [])
  expect([followed.isPartial, followed.channels]).toEqual([mayBeOld, [{kind: 'dm', id: 1}]])
  const found = await followed.discover?.(new AbortController().signal)
  expect(found).toEqual([1, 2].map(id => ({kind: 'dm', id, mayBeOld})))
  expect(followed.nameOf({kind: 'dm', id: 2})).toBe('user2')
})

test('a look for rooms ends with its signal, however long the server takes', async () => {
  let calls = 0
  const all = async function* () {
    calls += 1
    if (calls > 1) await new Promise(() => {})
    yield {id: 1, name: 'general'}
  }
  const followed = await followRooms({api: {rooms: {all}}} as unknown as Context, [], true)
  const abort = new AbortController()
  const look = followed.discover?.(abort.signal)
  abort.abort(new Error('over'))
  await expect(look).rejects.toThrow('over')
})
