import {expect, test} from 'vitest'
import {type Api, createApi} from '../../../../src/lib/api/index.js'
import type {Context} from '../../../../src/lib/cli/context.js'
import {followConversations, followRooms} from '../../../../src/lib/cli/tail/channels.js'
import {pageReader} from '../../../../src/lib/cli/tail/context-feed.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {createHttpClient} from '../../../../src/lib/http/client.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {enveloped, type HttpStub, httpStub} from '../../../support/http-stub.js'

const apiOf = ({restBase}: HttpStub): Api =>
  createApi(createHttpClient({restBase, userAgent: 'veza/1', agentFor: () => undefined}))

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

test.each<['rooms' | 'conversations']>([['rooms'], ['conversations']])(
  'a look for %s ends with its signal, however long the server takes',
  async what => {
    await using stub = await httpStub(enveloped([]), {
      raw: () => abort.abort(new VezaError('failed', 'over')),
    })
    const context = {api: apiOf(stub)} as unknown as Context
    const abort = new AbortController()
    const followed = await (what === 'rooms'
      ? followRooms(context, [], true)
      : followConversations(context, []))
    await expect(followed.discover?.(abort.signal)).rejects.toThrow('over')
    expect(stub.count()).toBe(2)
  },
)

test.each<[Channel]>([[{kind: 'room', id: 1}], [{kind: 'dm', id: 1}]])(
  'a page of the history of %j ends with its signal',
  async channel => {
    const abort = new AbortController()
    await using stub = await httpStub({raw: () => abort.abort(new VezaError('failed', 'over'))})
    const page = pageReader({api: apiOf(stub)} as unknown as Context)(channel, {
      limit: 1,
      signal: abort.signal,
    })
    await expect(page).rejects.toThrow('over')
  },
)
