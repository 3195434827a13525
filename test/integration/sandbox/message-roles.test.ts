import {describe, expect, it} from 'vitest'

import {type Reply, signIn, start, type User} from './support.js'

/** Who somebody is to a room. The admin is one of the server, and no member. */
const ROLES = ['owner', 'moderator', 'member', 'admin', 'outsider'] as const
type Role = (typeof ROLES)[number]

/** The status of each call by role, in the order of `ROLES`. */
const TABLE: readonly (readonly [
  string,
  (user: User, message: number) => Promise<Reply>,
  readonly number[],
])[] = [
  ['pin', (user, id) => user.post(`/messages/${id}/pin`, {pinned: true}), [200, 200, 403, 200, 403]],
  ['unpin', (user, id) => user.post(`/messages/${id}/pin`, {pinned: false}), [200, 200, 403, 200, 403]],
  ['react', (user, id) => user.post(`/messages/${id}/reactions`, {emoji: '👍'}), [201, 201, 201, 403, 403]],
  ['see reactions', (user, id) => user.get(`/messages/${id}/reactions`), [200, 200, 200, 200, 200]],
]

async function setUp(dialect: 'guide' | 'reference', isPublic: boolean) {
  const sandbox = await start({dialect})
  const names = {owner: 'alice', moderator: 'bob', member: 'bot', admin: 'admin'}
  const [owner, moderator, member, admin] = await Promise.all(
    Object.values(names).map(name => signIn(sandbox, name)),
  )
  const {data} = await owner!.post('/rooms', {name: 'here', is_public: isPublic})
  const path = `/rooms/${data.id}`
  await owner!.post(`${path}/members`, {user_id: 3, role: 'moderator'})
  const message = (await owner!.post(`${path}/messages`, {content: 'x'})).data.id as unknown as number
  const users: Record<Role, User> = {
    owner: owner!,
    moderator: moderator!,
    member: member!,
    admin: admin!,
    // The bot, as long as it is no member.
    outsider: member!,
  }
  const join = () => owner!.post(`${path}/members`, {user_id: 4, role: 'member'})
  return {users, message, path, join}
}

describe.each(['guide', 'reference'] as const)('what a role may do with a message, %s', dialect => {
  it.each(TABLE)('%s', async (_what, call, statuses) => {
    const {users, message, join} = await setUp(dialect, true)
    const outside = (await call(users.outsider, message)).status
    await join()
    const inside: number[] = []
    for (const role of ROLES.slice(0, 4)) inside.push((await call(users[role], message)).status)
    expect([...inside, outside]).toEqual(statuses)
  })

  it('each takes back his own reaction only', async () => {
    const {users, message, join} = await setUp(dialect, true)
    await join()
    await users.member.post(`/messages/${message}/reactions`, {emoji: '👍'})
    const path = `/messages/${message}/reactions/${encodeURIComponent('👍')}`
    expect((await users.owner.delete(path)).status).toBe(404)
    expect((await users.admin.delete(path)).status).toBe(403)
    expect((await users.member.delete(path)).status).toBe(dialect === 'guide' ? 200 : 204)
  })

  it('a private room is closed to who is no member, its history and its messages too', async () => {
    const {users, message, path, join} = await setUp(dialect, false)
    for (const role of ['outsider', 'admin'] as const) {
      expect((await users[role].get(`${path}/messages`)).status).toBe(403)
      expect((await users[role].get(`/messages/${message}/reactions`)).status).toBe(403)
      expect((await users[role].post(`/messages/${message}/reactions`, {emoji: 'x'})).status).toBe(403)
    }
    await join()
    for (const role of ['owner', 'moderator', 'member'] as const) {
      expect((await users[role].get(`${path}/messages`)).status).toBe(200)
      expect((await users[role].get(`/messages/${message}/reactions`)).status).toBe(200)
    }
  })
})

describe.each(['guide', 'reference'] as const)('what one may do in a conversation, %s', dialect => {
  it('both of the two all, others nothing, admins of the server neither', async () => {
    const sandbox = await start({dialect})
    const [alice, bob, bot, admin] = await Promise.all(
      ['alice', 'bob', 'bot', 'admin'].map(name => signIn(sandbox, name)),
    )
    await alice!.post('/conversations', {user_id: 3})
    await alice!.post('/conversations/1/messages', {content: 'x'})
    const calls: readonly ((user: User) => Promise<Reply>)[] = [
      user => user.get('/conversations/1/messages'),
      user => user.post('/messages/1/pin', {pinned: true}),
      user => user.post('/messages/1/reactions', {emoji: '👍'}),
      user => user.get('/messages/1/reactions'),
      user => user.post('/conversations/1/block', {blocked: false}),
    ]
    for (const call of calls) {
      for (const user of [alice!, bob!]) expect([200, 201]).toContain((await call(user)).status)
      for (const user of [bot!, admin!]) expect((await call(user)).status).toBe(403)
    }
  })
})
