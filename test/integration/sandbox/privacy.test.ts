import {describe, expect, it} from 'vitest'

import {online, signIn, start, type User} from './support.js'

/** A private room 2 of alice with message 1, and her conversation 1 with bob with message 2; bot has no part in them. */
async function setUp() {
  const sandbox = await start()
  const [admin, alice, bob, bot] = (await Promise.all(
    ['admin', 'alice', 'bob', 'bot'].map(name => signIn(sandbox, name)),
  )) as [User, User, User, User]
  await alice.post('/rooms', {name: 'mine', is_public: false})
  await alice.post('/rooms/2/messages', {content: 'private'})
  await alice.post('/conversations', {user_id: 3})
  await alice.post('/conversations/1/messages', {content: 'for bob'})
  return {sandbox, admin, alice, bob, bot}
}

const foreignRequests = [
  ['GET', '/rooms/2'],
  ['PUT', '/rooms/2', {name: 'x'}],
  ['DELETE', '/rooms/2'],
  ['GET', '/rooms/2/members'],
  ['POST', '/rooms/2/members', {user_id: 4}],
  ['PUT', '/rooms/2/members/2', {role: 'member'}],
  ['DELETE', '/rooms/2/members/2'],
  ['GET', '/rooms/2/messages'],
  ['POST', '/rooms/2/messages', {content: 'x'}],
  ['GET', '/rooms/2/stats'],
  ['GET', '/rooms/2/audit'],
  ['PUT', '/messages/1', {content: 'x'}],
  ['DELETE', '/messages/1'],
  ['POST', '/messages/1/pin', {pinned: true}],
  ['GET', '/messages/1/reactions'],
  ['POST', '/messages/1/reactions', {emoji: 'x'}],
  ['DELETE', '/messages/1/reactions/x'],
  ['GET', '/conversations/1/messages'],
  ['POST', '/conversations/1/messages', {content: 'x'}],
  ['POST', '/conversations/1/block', {blocked: true}],
  ['PUT', '/messages/2', {content: 'x'}],
  ['DELETE', '/messages/2'],
  ['POST', '/messages/2/pin', {pinned: true}],
  ['GET', '/messages/2/reactions'],
  ['POST', '/webhooks', {url: 'http://127.0.0.1/', events: ['user_left'], room_id: 2}],
  ['GET', '/admin/stats'],
] as const

it('keeps strangers out of private rooms and conversations over REST', async () => {
  const {bot} = await setUp()
  for (const [method, path, body] of foreignRequests) {
    const verb = {GET: bot.get, POST: bot.post, PUT: bot.put, DELETE: bot.delete}[method]
    const {status, error} = await verb(path, body)
    expect([method, path, status, error?.code]).toEqual([method, path, 403, 'PERMISSION_DENIED'])
  }
})

const foreignFrames: readonly (readonly [string, object])[] = [
  ['join_room', {room_id: 2}],
  ['send_message', {room_id: 2, content: 'x'}],
  ['get_history', {room_id: 2}],
  ['pin_message', {room_id: 2, message_id: 1, pin: true}],
  ['get_room_stats', {room_id: 2}],
  ['get_audit_logs', {room_id: 2}],
  ['add_reaction', {message_id: 1, emoji: 'x'}],
  ['remove_reaction', {message_id: 2, emoji: 'x'}],
  ['get_reactions', {message_id: 2}],
  ['send_dm', {conversation_id: 1, content: 'x'}],
  ['block_dm', {conversation_id: 1, block: true}],
]

it('keeps strangers out over the WebSocket, and sends them nothing', async () => {
  const {sandbox, alice, bot} = await setUp()
  const client = await online(sandbox, bot)
  for (const [type, data] of foreignFrames) {
    client.send(type, data)
    expect([type, await client.next('error')]).toMatchObject([type, {code: 'PERMISSION_DENIED'}])
  }
  await alice.post('/rooms/2/messages', {content: 'x'})
  await alice.post('/conversations/1/messages', {content: 'x'})
  await alice.post('/messages/1/reactions', {emoji: 'x'})
  expect(await client.drain()).toEqual([])
})

describe('roles', () => {
  it('let the server’s admin manage a private room but not read it', async () => {
    const {admin} = await setUp()
    expect((await admin.get('/rooms/2/messages')).status).toBe(403)
    expect((await admin.put('/rooms/2', {description: 'seen'})).status).toBe(200)
    expect((await admin.get('/rooms/2/audit')).data).toMatchObject({
      logs: [{action: 'room_updated', moderator_id: 1}],
    })
    expect((await admin.delete('/rooms/2')).status).toBe(204)
  })

  it('let a moderator do what a member may not, and lose it again', async () => {
    const {alice, bob} = await setUp()
    await alice.post('/rooms/2/members', {user_id: 3})
    expect((await bob.post('/messages/1/pin', {pinned: true})).status).toBe(403)
    await alice.put('/rooms/2/members/3', {role: 'moderator'})
    expect((await bob.post('/messages/1/pin', {pinned: true})).status).toBe(200)
    expect((await bob.put('/rooms/2', {name: 'ours'})).status).toBe(200)
    expect((await bob.delete('/rooms/2')).status).toBe(403)
    await alice.put('/rooms/2/members/3', {role: 'member'})
    expect((await bob.post('/messages/1/pin', {pinned: false})).status).toBe(403)
  })

  it('leave the owner the owner', async () => {
    const {alice} = await setUp()
    expect((await alice.put('/rooms/2/members/2', {role: 'member'})).status).toBe(409)
    expect((await alice.delete('/rooms/2/members/2')).status).toBe(409)
    expect((await alice.put('/rooms/2/members/2', {role: 'owner'})).status).toBe(422)
    expect((await alice.put('/rooms/2/members/4', {role: 'member'})).error).toMatchObject({
      code: 'MEMBER_NOT_FOUND',
    })
  })
})

it('sends the reactions of a conversation to both of its users', async () => {
  const {sandbox, alice, bob} = await setUp()
  const [atAlice, atBob] = [await online(sandbox, alice), await online(sandbox, bob)]
  atBob.send('add_reaction', {message_id: 2, emoji: '👀'})
  for (const client of [atAlice, atBob]) {
    expect(await client.next('reaction_added')).toMatchObject({message_id: 2, conversation_id: 1, user_id: 3})
  }
})
