import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {emojiSegment} from '../../../src/lib/api/emoji.js'
import {type Api, createApi} from '../../../src/lib/api/index.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import {enveloped, failure, type Handler, httpStub, type SeenRequest} from '../../support/http-stub.js'

interface Called<T> {
  readonly result: T
  readonly seen: SeenRequest[]
}

/** Runs calls against a server that answers so, one handler a request: what came of them, and what it saw. */
async function call<T>(handlers: readonly Handler[], use: (api: Api) => Promise<T>): Promise<Called<T>> {
  await using stub = await httpStub(...handlers)
  const client = createHttpClient({
    restBase: stub.restBase,
    userAgent: 'veza/1',
    agentFor: () => undefined,
    effects: {now: () => 0, random: () => 0, sleep: async () => {}},
    tokens: {headers: async () => ({authorization: 'Bearer x'}), renew: async () => false},
    retries: 2,
  })
  return {result: await use(createApi(client)), seen: stub.seen}
}

const wire = ({method, path, text}: SeenRequest) => `${method} ${path.slice('/api/v1'.length)} ${text}`.trim()

describe('pins', () => {
  test.each([true, false])('pinned: %s', async pinned => {
    const row = {message_id: 5, content: 'x', is_pinned: pinned, parent_message_id: 3}
    const {result, seen} = await call([enveloped(row)], api => api.messages.pin(5, pinned))
    expect(result).toEqual({id: 5, parent_id: 3, content: 'x', is_pinned: pinned})
    expect(seen.map(wire)).toEqual([`POST /messages/5/pin {"pinned":${pinned}}`])
  })

  test('a pin may be repeated, and so may a block and a reaction', async () => {
    const broken = {status: 503}
    const message = enveloped({id: 5, content: 'x'})
    const pin = await call([broken, message], api => api.messages.pin(5, true))
    expect(pin.seen).toHaveLength(2)
    const block = await call([broken, enveloped(null)], api => api.dms.block(3, true))
    expect(block.seen).toHaveLength(2)
    const react = await call([broken, {status: 204}], api => api.messages.react(5, '👍'))
    expect(react.seen).toHaveLength(2)
  })

  test('they are asked for alone, with replies, on every page', async () => {
    const pages = [
      enveloped({messages: [{id: 9, content: 'a'}], has_more: true}),
      enveloped({messages: [{id: 4, content: 'b'}], has_more: false}),
    ]
    const {result, seen} = await call(pages, async api => {
      const ids: number[] = []
      for await (const {id} of api.messages.history(15, {pinnedOnly: true, includeThreads: true}))
        ids.push(id)
      return ids
    })
    expect(result).toEqual([9, 4])
    expect(seen.map(({query}) => query.toString())).toEqual([
      'limit=100&pinned_only=true&include_threads=true',
      'limit=100&before_id=9&pinned_only=true&include_threads=true',
    ])
  })
})

describe('reactions', () => {
  const users = [{user_id: 2, username: 'alice'}]
  const list = {emoji: '👍', count: 1, users: [{id: 2, username: 'alice'}]}

  test.each([
    ['emoji to users', {'👍': users}],
    ['emoji to count and users', {'👍': {count: 1, users}}],
    ['a list', [{emoji: '👍', count: 1, users}]],
  ])('are read as %s', async (_form, reactions) => {
    const answer = enveloped({message_id: 5, total_reactions: 1, reactions, extra: 1})
    const {result, seen} = await call([answer], api => api.messages.reactions(5))
    expect(result).toEqual({message_id: 5, total_reactions: 1, reactions: [list], extra: 1})
    expect(seen.map(wire)).toEqual(['GET /messages/5/reactions'])
  })

  test('none may be null', async () => {
    const {result} = await call([enveloped({message_id: 5, reactions: null})], api =>
      api.messages.reactions(5),
    )
    expect(result.reactions).toEqual([])
  })

  test.each([[{message_id: 5}], [[]], [{reactions: 'x'}], [{message_id: 'x', reactions: []}]])(
    '%j is no answer of the protocol',
    async data => {
      const reading = call([enveloped(data)], api => api.messages.reactions(5))
      await expect(reading).rejects.toMatchObject({code: 'not_protocol'})
    },
  )

  test('are made as they are and taken back percent-encoded', async () => {
    const emoji = '👩‍👧/50%?#\n'
    const {seen} = await call([enveloped({}), {status: 204}], async api => {
      await api.messages.react(5, emoji)
      await api.messages.unreact(5, emoji)
    })
    expect(seen[0]).toMatchObject({method: 'POST', path: '/api/v1/messages/5/reactions'})
    expect(seen[0]!.json()).toEqual({emoji})
    expect(seen[1]).toMatchObject({
      method: 'DELETE',
      path: '/api/v1/messages/5/reactions/%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7%2F50%25%3F%23%0A',
      text: '',
    })
  })

  test.each(['', ' ', '\n', '.', '..'])('%j never leaves: it would be another address', async emoji => {
    for (const name of ['react', 'unreact'] as const) {
      const calling = call([{}], async api => {
        await expect(api.messages[name](5, emoji)).rejects.toMatchObject({code: 'usage'})
      })
      expect((await calling).seen).toEqual([])
    }
  })

  test('whatever the emoji, the address stays below the message and reads back the same', () => {
    fc.assert(
      fc.property(fc.string({unit: 'grapheme', minLength: 1}), emoji => {
        fc.pre(emoji.trim() !== '' && emoji !== '.' && emoji !== '..')
        const {pathname} = new URL(`http://x/messages/5/reactions/${emojiSegment(emoji)}`)
        const parts = pathname.split('/')
        expect(parts).toHaveLength(5)
        expect(decodeURIComponent(parts[4]!)).toBe(emoji)
      }),
    )
  })
})

describe('blocks', () => {
  test.each([true, false])('blocked: %s', async blocked => {
    const {result, seen} = await call([{status: 204}], api => api.dms.block(3, blocked))
    expect(result).toBeUndefined()
    expect(seen.map(wire)).toEqual([`POST /conversations/3/block {"blocked":${blocked}}`])
  })

  test('of somebody else are forbidden', async () => {
    const blocking = call([failure(403, 'PERMISSION_DENIED', 'no')], api => api.dms.block(3, true))
    await expect(blocking).rejects.toMatchObject({code: 'forbidden', exitCode: 9})
  })
})
