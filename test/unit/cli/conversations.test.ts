import {describe, expect, test} from 'vitest'
import type {Conversation, Page} from '../../../src/contract/resources.js'
import type {Reference} from '../../../src/lib/cli/args.js'
import {setBlocked} from '../../../src/lib/cli/block.js'
import type {Context} from '../../../src/lib/cli/context.js'
import {findConversation, partnerOf} from '../../../src/lib/cli/conversations.js'

const withBob: Conversation = {conversation_id: 5, other_user: {id: 3, username: 'bob'}}
const withAda: Conversation = {conversation_id: 6, other_user: {id: 4, username: 'ada'}}

/** A server with these conversations, as far as it lists them; bob is user 3. */
function server(page: Page<Conversation>) {
  const calls: unknown[] = []
  const dms = {
    list: async (query: unknown) => {
      calls.push(['list', query])
      return page
    },
    open: async (id: number) => {
      calls.push(['open', id])
      return {conversation_id: 77, other_user: {id, username: 'bob'}}
    },
    block: async (id: number, blocked: boolean) => void calls.push(['block', id, blocked]),
  }
  const context = {api: {dms}, userId: async (user: Reference) => ('id' in user ? user.id : 3)}
  return {context: context as unknown as Context, calls}
}

describe('findConversation', () => {
  test('finds it without opening one', async () => {
    const {context, calls} = server({items: [withAda, withBob], has_more: false})
    expect(await findConversation(context, {name: 'bob'})).toBe(withBob)
    expect(calls).toEqual([['list', {limit: 100, includeLastMessage: false}]])
  })

  test('none is none, and stays so', async () => {
    const {context, calls} = server({items: [withAda], has_more: false, total: 1})
    expect(await findConversation(context, {id: 3})).toBeUndefined()
    expect(calls).toHaveLength(1)
  })

  test.each<[string, Page<Conversation>]>([
    ['a full page', {items: [withAda], has_more: true}],
    ['a total beyond the page', {items: [withAda], has_more: false, total: 2}],
    ['one of nobody', {items: [{conversation_id: 9}], has_more: false}],
  ])('%s leaves it open: it is opened', async (_what, page) => {
    const {context, calls} = server(page)
    expect(await findConversation(context, {id: 3})).toMatchObject({conversation_id: 77})
    expect(calls.at(-1)).toEqual(['open', 3])
  })
})

describe('setBlocked', () => {
  test('opens what is to be blocked', async () => {
    const {context, calls} = server({items: [], has_more: false})
    expect(await setBlocked(context, {name: 'bob'}, true)).toEqual({
      done: {conversation_id: 77, user_id: 3, blocked: true},
      name: 'bob',
    })
    expect(calls).toEqual([
      ['open', 3],
      ['block', 77, true],
    ])
  })

  test('takes back what there is', async () => {
    const {context, calls} = server({items: [withBob], has_more: false})
    expect(await setBlocked(context, {id: 3}, false)).toEqual({
      done: {conversation_id: 5, user_id: 3, blocked: false},
      name: 'bob',
    })
    expect(calls.at(-1)).toEqual(['block', 5, false])
  })

  test.each<[Reference, string]>([
    [{id: 3}, 'there is no conversation with user 3'],
    [{name: 'bob'}, 'there is no conversation with bob'],
  ])('nothing to take back from %j', async (user, message) => {
    const {context, calls} = server({items: [withAda], has_more: false})
    await expect(setBlocked(context, user, false)).rejects.toMatchObject({code: 'not_found', message})
    expect(calls).toHaveLength(1)
  })
})

test('partnerOf takes the best name there is', () => {
  expect(partnerOf(withBob, {id: 3})).toBe('bob')
  expect(partnerOf({conversation_id: 1}, {name: 'bob'})).toBe('bob')
  expect(partnerOf({conversation_id: 1}, {id: 3})).toBe('user 3')
})
