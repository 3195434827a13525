import fc from 'fast-check'
import {describe, expect, it} from 'vitest'

import {online, signIn, start, type User} from './support.js'

async function setUp(dialect: 'guide' | 'reference' = 'reference') {
  const sandbox = await start({dialect})
  const [admin, alice, bob] = await Promise.all(['admin', 'alice', 'bob'].map(name => signIn(sandbox, name)))
  return {sandbox, admin: admin!, alice: alice!, bob: bob!}
}

async function say(user: User, ...contents: string[]): Promise<void> {
  for (const content of contents) await user.post('/rooms/1/messages', {content})
}

describe('POST /rooms/{id}/messages', () => {
  it('answers with the message in the reference dialect', async () => {
    const {alice} = await setUp()
    await say(alice, 'first')
    const {status, data} = await alice.post('/rooms/1/messages', {
      content: 'hello @bob and @nobody',
      parent_id: 1,
      metadata: {colour: 'red'},
    })
    expect(status).toBe(201)
    expect(data).toEqual({
      id: 2,
      uuid: expect.any(String),
      room_id: 1,
      author_id: 2,
      username: 'alice',
      content: 'hello @bob and @nobody',
      parent_message_id: 1,
      thread_count: 0,
      is_pinned: false,
      is_edited: false,
      reactions: {},
      metadata: {colour: 'red'},
      created_at: expect.stringMatching(/^\d{4}-.*Z$/),
      updated_at: expect.any(String),
      edit_count: 0,
      mentions: ['bob'],
    })
  })

  it('answers with the message in the guide dialect, and reads either name of the parent', async () => {
    const {alice} = await setUp('guide')
    await say(alice, 'first')
    const {data} = await alice.post('/rooms/1/messages', {content: 'x', parent_message_id: 1})
    expect(data).toEqual({
      id: 2,
      uuid: expect.any(String),
      author_id: 2,
      username: 'alice',
      content: 'x',
      parent_id: 1,
      thread_count: 0,
      is_pinned: false,
      is_edited: false,
      reactions: {},
      metadata: {},
      created_at: expect.any(String),
      updated_at: expect.any(String),
    })
  })

  it('drops a repeat in the reference dialect: the same author, room and client_id', async () => {
    const {sandbox, admin, alice, bob} = await setUp()
    await admin.post('/rooms', {name: 'other'})
    await alice.post('/rooms/2/members', {user_id: 2})
    const listener = await online(sandbox, bob, 1)
    const message = {content: 'once', metadata: {client_id: 'k'}}
    expect(await alice.post('/rooms/1/messages', message)).toMatchObject({status: 201, data: {id: 1}})
    expect(await alice.post('/rooms/1/messages', message)).toMatchObject({status: 200, data: {id: 1}})
    expect(await bob.post('/rooms/1/messages', message)).toMatchObject({status: 201, data: {id: 2}})
    expect(await alice.post('/rooms/2/messages', message)).toMatchObject({status: 201, data: {id: 3}})
    expect((await listener.drain()).map(frame => frame.data.message_id)).toEqual([1, 2])
  })

  it('keeps metadata and every repeat in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    const message = {content: 'once', metadata: {client_id: 'k'}}
    expect(await alice.post('/rooms/1/messages', message)).toMatchObject({status: 201, data: {id: 1}})
    expect(await alice.post('/rooms/1/messages', message)).toMatchObject({
      status: 201,
      data: {id: 2, metadata: {client_id: 'k'}},
    })
  })

  it('counts code points, and takes 2,000 of them', async () => {
    const {alice} = await setUp()
    expect((await alice.post('/rooms/1/messages', {content: '😀'.repeat(2000)})).status).toBe(201)
    expect(await alice.post('/rooms/1/messages', {content: 'x'.repeat(2001)})).toMatchObject({
      status: 422,
      error: {code: 'MESSAGE_TOO_LONG', details: {max_length: 2000}},
    })
  })

  it('refuses what is no message', async () => {
    const {alice} = await setUp()
    const post = async (body: unknown, room = 1) =>
      (await alice.post(`/rooms/${room}/messages`, body)).error?.code
    for (const body of [
      {},
      {content: ''},
      {content: 5},
      {content: 'a\0b'},
      {content: 'x', metadata: []},
      [],
    ]) {
      expect(await post(body)).toBe('VALIDATION_FAILED')
    }
    expect(await post({content: 'x', parent_id: 77})).toBe('VALIDATION_FAILED')
    expect(await post({content: 'x'}, 77)).toBe('ROOM_NOT_FOUND')
  })

  it('keeps any text as it is', async () => {
    const {alice} = await setUp()
    const text = fc.string({unit: 'grapheme', minLength: 1, maxLength: 60})
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(text, fc.constant('\u0001\u001b[31m\r\n\t\u202e\u{1F9D1}\u200d\u{1F680}')),
        async content => {
          fc.pre(!content.includes('\0'))
          const sent = await alice.post('/rooms/1/messages', {content})
          expect(sent.data.content).toBe(content)
          expect((await alice.get('/rooms/1/messages?limit=1')).data).toMatchObject({messages: [{content}]})
        },
      ),
      {numRuns: 30},
    )
  })
})

describe('GET /rooms/{id}/messages', () => {
  it('pages backwards newest first, and forwards oldest first', async () => {
    const {alice} = await setUp()
    await say(alice, 'a', 'b', 'c', 'd', 'e')
    const page = async (query: string) => (await alice.get(`/rooms/1/messages?${query}`)).data
    expect(await page('limit=2')).toMatchObject({
      messages: [{id: 5}, {id: 4}],
      has_more: true,
      total_count: 5,
    })
    expect(await page('limit=3&before_id=4')).toMatchObject({
      messages: [{id: 3}, {id: 2}, {id: 1}],
      has_more: false,
    })
    expect(await page('limit=2&after_id=1')).toMatchObject({messages: [{id: 2}, {id: 3}], has_more: true})
    expect(await page('limit=2&after_id=3')).toMatchObject({messages: [{id: 4}, {id: 5}], has_more: false})
    expect(await page('after_id=5')).toMatchObject({messages: [], has_more: false, total_count: 5})
  })

  it('is an array in the guide dialect, which knows no after_id', async () => {
    const {alice} = await setUp('guide')
    await say(alice, 'a', 'b', 'c')
    expect((await alice.get('/rooms/1/messages?limit=2&after_id=2')).data).toMatchObject([{id: 3}, {id: 2}])
    expect((await alice.get('/rooms/1/messages?before_id=2')).data).toMatchObject([{id: 1, content: 'a'}])
  })

  it('leaves out replies or all but pins, and marks the room as read', async () => {
    const {admin, alice, bob} = await setUp()
    await say(alice, 'root')
    await bob.post('/rooms/1/messages', {content: 'reply', parent_id: 1})
    expect((await admin.get('/rooms/1')).data).toMatchObject({unread_count: 2})
    expect((await admin.get('/rooms/1/messages?include_threads=false')).data).toMatchObject({
      messages: [{id: 1, thread_count: 1}],
      total_count: 1,
    })
    expect((await admin.get('/rooms/1')).data).toMatchObject({unread_count: 0})
    await admin.post('/messages/2/pin', {pinned: true})
    expect((await alice.get('/rooms/1/messages?pinned_only=true')).data).toMatchObject({messages: [{id: 2}]})
  })
})

describe('/messages/{id}', () => {
  it('is edited by its author only', async () => {
    const {admin, alice} = await setUp()
    await say(alice, 'a')
    const edited = await alice.put('/messages/1', {content: 'b', edit_reason: 'typo'})
    expect(edited.data).toMatchObject({id: 1, content: 'b', is_edited: true, edit_count: 1})
    expect(await admin.put('/messages/1', {content: 'c'})).toMatchObject({status: 403})
    expect(await alice.put('/messages/9', {content: 'c'})).toMatchObject({
      status: 404,
      error: {code: 'MESSAGE_NOT_FOUND'},
    })
  })

  it('is deleted by its author, or by who manages the room, which is written down', async () => {
    const {admin, alice, bob} = await setUp()
    await say(alice, 'a', 'b')
    expect((await bob.delete('/messages/1')).status).toBe(403)
    expect((await alice.delete('/messages/1')).status).toBe(204)
    expect((await admin.delete('/messages/2')).status).toBe(204)
    expect((await alice.get('/rooms/1/messages')).data).toMatchObject({messages: [], total_count: 0})
    expect((await admin.get('/rooms/1/audit')).data).toMatchObject({
      logs: [{action: 'message_deleted', user_id: 2, moderator_id: 1, details: {message_id: 2}}],
      total: 1,
    })
    await say(alice, 'c')
    expect((await alice.get('/rooms/1/messages')).data).toMatchObject({messages: [{id: 3}]})
  })

  it('is pinned and unpinned by who manages the room', async () => {
    const {admin, alice} = await setUp()
    await say(alice, 'a')
    expect((await alice.post('/messages/1/pin', {pinned: true})).status).toBe(403)
    expect((await admin.post('/messages/1/pin', {pinned: true})).data).toMatchObject({id: 1, is_pinned: true})
    expect((await admin.post('/messages/1/pin', {pinned: false})).data).toMatchObject({is_pinned: false})
  })
})

describe('/messages/{id}/reactions', () => {
  const flag = '🏴󠁧󠁢󠁷󠁬󠁳󠁿'

  it('adds, shows and removes them in the reference dialect', async () => {
    const {alice, bob} = await setUp()
    await say(alice, 'a')
    for (const user of [alice, bob]) {
      expect((await user.post('/messages/1/reactions', {emoji: flag})).status).toBe(201)
    }
    await bob.post('/messages/1/reactions', {emoji: flag})
    const users = [
      {user_id: 2, username: 'alice'},
      {user_id: 3, username: 'bob'},
    ]
    expect((await alice.get('/messages/1/reactions')).data).toEqual({
      message_id: 1,
      total_reactions: 2,
      reactions: [{emoji: flag, count: 2, users}],
    })
    expect((await alice.get('/rooms/1/messages')).data).toMatchObject({
      messages: [{reactions: {[flag]: {count: 2, users}}}],
    })
    expect((await bob.delete(`/messages/1/reactions/${encodeURIComponent(flag)}`)).status).toBe(204)
    expect((await bob.delete(`/messages/1/reactions/${encodeURIComponent(flag)}`)).status).toBe(404)
    expect((await alice.get('/messages/1/reactions')).data).toMatchObject({total_reactions: 1})
  })

  it('maps emoji to users in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    await say(alice, 'a')
    await alice.post('/messages/1/reactions', {emoji: '👍'})
    const reactions = {'👍': [{id: 2, username: 'alice'}]}
    expect((await alice.get('/rooms/1/messages')).data).toMatchObject([{reactions}])
    expect((await alice.get('/messages/1/reactions')).data).toMatchObject({total_reactions: 1, reactions})
  })

  it('takes 20 characters and no more', async () => {
    const {alice} = await setUp()
    await say(alice, 'a')
    expect((await alice.post('/messages/1/reactions', {emoji: '😀'.repeat(20)})).status).toBe(201)
    expect((await alice.post('/messages/1/reactions', {emoji: '😀'.repeat(21)})).status).toBe(422)
  })
})

describe('/conversations', () => {
  it('opens one, sends, lists and reads in the reference dialect', async () => {
    const {sandbox, admin, alice, bob} = await setUp()
    const atBob = await online(sandbox, bob)
    expect(await alice.post('/conversations', {user_id: 3})).toMatchObject({
      status: 201,
      data: {id: 1, uuid: expect.any(String), other_user: {user_id: 3, username: 'bob'}, last_message: null},
    })
    expect(await bob.post('/conversations', {user_id: 2})).toMatchObject({status: 200, data: {id: 1}})
    expect((await alice.post('/conversations', {user_id: 2})).status).toBe(422)
    const sent = await alice.post('/conversations/1/messages', {content: 'psst', metadata: {client_id: 'k'}})
    expect(sent).toMatchObject({status: 201, data: {id: 1, parent_message_id: null}})
    const again = await alice.post('/conversations/1/messages', {content: 'psst', metadata: {client_id: 'k'}})
    expect(again).toMatchObject({status: 200, data: {id: 1}})
    expect(await atBob.next('dm_message')).toMatchObject({message_id: 1, conversation_id: 1, content: 'psst'})
    expect((await bob.get('/conversations')).data).toMatchObject({
      conversations: [
        {
          id: 1,
          other_user: {user_id: 2},
          last_message: {content: 'psst'},
          unread_count: 1,
          is_blocked: false,
        },
      ],
      total: 1,
    })
    expect((await bob.get('/conversations/1/messages')).data).toMatchObject({
      messages: [{content: 'psst'}],
      has_more: false,
    })
    const {data} = await bob.get('/conversations?include_last_message=false')
    expect(data.conversations?.[0]).toMatchObject({unread_count: 0})
    expect(data.conversations?.[0]).not.toHaveProperty('last_message')
    expect((await admin.get('/conversations/1/messages')).status).toBe(403)
    expect((await alice.get('/conversations/9/messages')).error).toMatchObject({
      code: 'CONVERSATION_NOT_FOUND',
    })
  })

  it('has its own names in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    await alice.post('/conversations', {user_id: 3})
    expect((await alice.get('/conversations')).data).toMatchObject([
      {conversation_id: 1, other_user: {id: 3}},
    ])
    await alice.post('/conversations/1/messages', {content: 'x'})
    expect((await alice.get('/conversations/1/messages')).data).toMatchObject([{id: 1, parent_id: null}])
  })

  it('takes nothing while either of the two blocks it', async () => {
    const {alice, bob} = await setUp()
    await alice.post('/conversations', {user_id: 3})
    expect((await bob.post('/conversations/1/block', {blocked: true})).data).toMatchObject({is_blocked: true})
    for (const user of [alice, bob]) {
      expect(await user.post('/conversations/1/messages', {content: 'x'})).toMatchObject({
        status: 409,
        error: {code: 'CONVERSATION_BLOCKED'},
      })
    }
    await alice.post('/conversations/1/block', {blocked: false})
    expect((await alice.post('/conversations/1/messages', {content: 'x'})).status).toBe(409)
    await bob.post('/conversations/1/block', {blocked: false})
    expect((await alice.post('/conversations/1/messages', {content: 'x'})).status).toBe(201)
  })
})
