import {describe, expect, it} from 'vitest'

import {online, signIn, start} from './support.js'

async function setUp(dialect: 'guide' | 'reference' = 'reference') {
  const sandbox = await start({dialect})
  const [admin, alice, bob] = await Promise.all(['admin', 'alice', 'bob'].map(name => signIn(sandbox, name)))
  return {sandbox, admin: admin!, alice: alice!, bob: bob!}
}

describe('rooms', () => {
  it('lists them with total and has_more in the reference dialect', async () => {
    const {alice} = await setUp()
    for (const name of ['one', 'two']) await alice.post('/rooms', {name})
    const {data} = await alice.get('/rooms?limit=2')
    expect(data).toMatchObject({rooms: [{name: 'general'}, {name: 'one'}], total: 3, has_more: true})
    expect((await alice.get('/rooms?limit=2&offset=2')).data).toMatchObject({
      rooms: [{name: 'two', member_count: 1, max_members: null, unread_count: 0, last_activity: null}],
      has_more: false,
    })
  })

  it('lists them as an array in the guide dialect, without the fields of the reference', async () => {
    const {alice} = await setUp('guide')
    const {data} = await alice.get('/rooms')
    expect(data).toEqual([
      {
        id: 1,
        uuid: expect.any(String),
        name: 'general',
        description: expect.any(String),
        is_public: true,
        owner_id: 1,
        created_at: expect.stringMatching(/Z$/),
        updated_at: expect.any(String),
      },
    ])
  })

  it('filters and searches, and shows private rooms to members only', async () => {
    const {alice, bob} = await setUp()
    await alice.post('/rooms', {name: 'secret', is_public: false})
    await alice.post('/rooms', {name: 'open', description: 'about Cats'})
    const names = async (user: typeof alice, query: string) => {
      const {data} = await user.get(`/rooms?${query}`)
      return (data.rooms as unknown as {name: string}[]).map(room => room.name)
    }
    expect(await names(alice, '')).toEqual(['general', 'secret', 'open'])
    expect(await names(bob, '')).toEqual(['general', 'open'])
    expect(await names(alice, 'filter=private')).toEqual(['secret'])
    expect(await names(alice, 'filter=public')).toEqual(['general', 'open'])
    expect(await names(alice, 'filter=owned')).toEqual(['secret', 'open'])
    expect(await names(bob, 'filter=joined')).toEqual(['general'])
    expect(await names(bob, 'search=cats')).toEqual(['open'])
    expect((await bob.get('/rooms?filter=odd')).status).toBe(422)
    expect((await bob.get('/rooms?limit=101')).status).toBe(200)
    expect((await bob.get('/rooms?limit=0')).status).toBe(422)
  })

  it('makes, shows, changes and deletes one', async () => {
    const {alice, bob} = await setUp()
    const made = await alice.post('/rooms', {name: 'lab', description: 'x', is_public: true, max_members: 1})
    expect(made).toMatchObject({status: 201, data: {id: 2, name: 'lab', owner_id: 2, max_members: 1}})
    expect((await bob.get('/rooms/2')).data).toMatchObject({name: 'lab'})
    expect((await bob.put('/rooms/2', {name: 'mine'})).error).toMatchObject({code: 'PERMISSION_DENIED'})
    const changed = await alice.put('/rooms/2', {name: 'lab2'})
    expect(changed.data).toMatchObject({name: 'lab2', description: 'x'})
    expect((await bob.post('/rooms/2/members', {user_id: 3})).error).toMatchObject({
      code: 'RESOURCE_CONFLICT',
    })
    expect((await bob.delete('/rooms/2')).status).toBe(403)
    expect((await alice.delete('/rooms/2')).status).toBe(204)
    expect(await alice.get('/rooms/2')).toMatchObject({status: 404, error: {code: 'ROOM_NOT_FOUND'}})
  })

  it('answers a deletion with 200 and the envelope in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    await alice.post('/rooms', {name: 'lab'})
    expect(await alice.delete('/rooms/2')).toMatchObject({status: 200, body: {success: true, data: null}})
  })

  it('refuses a name that is taken, too long or missing', async () => {
    const {alice} = await setUp()
    expect(await alice.post('/rooms', {name: 'general'})).toMatchObject({
      status: 409,
      error: {code: 'RESOURCE_CONFLICT'},
    })
    expect((await alice.post('/rooms', {name: 'é'.repeat(101)})).error).toMatchObject({
      code: 'VALIDATION_FAILED',
    })
    expect((await alice.post('/rooms', {name: '😀'.repeat(100)})).status).toBe(201)
    expect((await alice.post('/rooms', {})).status).toBe(422)
  })
})

describe('members', () => {
  it('lists them, by role, with who is online', async () => {
    const {sandbox, admin, alice} = await setUp()
    const client = await online(sandbox, alice, 1)
    const {data} = await admin.get('/rooms/1/members?limit=2')
    expect(data).toMatchObject({
      members: [
        {user_id: 1, username: 'admin', role: 'owner', is_online: false},
        {user_id: 2, username: 'alice', role: 'member', is_online: true, joined_at: expect.any(String)},
      ],
      total: 4,
    })
    client.send('update_status', {status: 'invisible'})
    await client.drain()
    expect((await admin.get('/rooms/1/members?role=member&limit=1')).data).toMatchObject({
      members: [{user_id: 2, is_online: false}],
      total: 3,
    })
  })

  it('calls them by id in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    expect((await alice.get('/rooms/1/members?role=owner')).data).toMatchObject([{id: 1, username: 'admin'}])
  })

  it('adds, promotes and removes them, and writes that down', async () => {
    const {sandbox, alice, bob} = await setUp()
    await alice.post('/rooms', {name: 'team', is_public: false})
    expect((await bob.get('/rooms/2/members')).status).toBe(403)
    expect((await bob.post('/rooms/2/members', {user_id: 3})).error).toMatchObject({
      code: 'PERMISSION_DENIED',
    })
    const added = await alice.post('/rooms/2/members', {user_id: 3})
    expect(added).toMatchObject({status: 201, data: {user_id: 3, role: 'member'}})
    expect((await alice.post('/rooms/2/members', {user_id: 3})).status).toBe(409)
    expect((await alice.post('/rooms/2/members', {user_id: 99})).error).toMatchObject({
      code: 'USER_NOT_FOUND',
    })
    expect((await bob.post('/rooms/2/members', {user_id: 4})).status).toBe(403)
    expect((await alice.put('/rooms/2/members/3', {role: 'moderator'})).data).toMatchObject({
      role: 'moderator',
    })
    expect((await bob.post('/rooms/2/members', {user_id: 4})).status).toBe(201)
    expect((await bob.put('/rooms/2/members/4', {role: 'moderator'})).status).toBe(403)
    expect((await bob.delete('/rooms/2/members/2')).status).toBe(409)
    const listener = await online(sandbox, bob, 2)
    expect((await alice.delete('/rooms/2/members/3')).status).toBe(204)
    await alice.post('/rooms/2/messages', {content: 'among us'})
    expect(await listener.drain()).toEqual([])
    expect((await bob.get('/rooms/2/messages')).status).toBe(403)

    const {data} = await alice.get('/rooms/2/audit?limit=2')
    expect(data).toMatchObject({
      logs: [
        {action: 'member_removed', user_id: 3, moderator_id: 2, ip_address: '127.0.0.1'},
        {action: 'member_added', user_id: 4, moderator_id: 3, details: {role: 'member'}},
      ],
      total: 4,
    })
    expect((await alice.get('/rooms/2/audit?action=role_changed')).data).toMatchObject({total: 1})
    expect((await bob.get('/rooms/2/audit')).status).toBe(403)
  })

  it('lets anyone into a public room and out again', async () => {
    const {alice, bob} = await setUp()
    await alice.post('/rooms', {name: 'open'})
    expect((await bob.get('/rooms/2/messages')).status).toBe(200)
    expect((await bob.post('/rooms/2/messages', {content: 'x'})).status).toBe(403)
    expect((await bob.post('/rooms/2/members', {user_id: 3})).status).toBe(201)
    expect((await bob.post('/rooms/2/messages', {content: 'x'})).status).toBe(201)
    expect((await bob.delete('/rooms/2/members/3')).status).toBe(204)
    expect((await bob.delete('/rooms/2/members/3')).status).toBe(404)
  })
})

describe('statistics', () => {
  it('counts what happened in a room within the period', async () => {
    let now = Date.UTC(2026, 0, 1, 12)
    const sandbox = await start({now: () => now})
    const alice = await signIn(sandbox, 'alice')
    await alice.post('/rooms/1/messages', {content: 'old'})
    now += 8 * 24 * 3_600_000
    const fresh = await signIn(sandbox, 'alice')
    const bob = await signIn(sandbox, 'bob')
    for (const content of ['a', 'b']) await fresh.post('/rooms/1/messages', {content})
    await bob.post('/rooms/1/messages', {content: 'c'})
    await bob.post('/messages/2/reactions', {emoji: '👍'})
    expect((await fresh.get('/rooms/1/stats')).data).toMatchObject({
      message_count: 3,
      active_users: 2,
      new_members: 0,
      pinned_messages: 0,
      reactions_count: 1,
      peak_activity: {date: '2026-01-09', hour: 12, message_count: 3},
      top_contributors: [
        {user_id: 2, username: 'alice', message_count: 2},
        {user_id: 3, message_count: 1},
      ],
    })
    expect((await fresh.get('/rooms/1/stats?period=30d')).data).toMatchObject({message_count: 4})
    expect((await fresh.get('/rooms/1/stats?period=soon')).status).toBe(422)
  })

  it('GET /admin/stats is for admins', async () => {
    const {admin, alice} = await setUp()
    expect((await admin.get('/admin/stats')).data).toMatchObject({total_users: 4, total_rooms: 1})
    expect(await alice.get('/admin/stats')).toMatchObject({status: 403, error: {code: 'PERMISSION_DENIED'}})
  })
})
