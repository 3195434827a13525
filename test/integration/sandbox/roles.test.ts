import {describe, expect, it} from 'vitest'
import {call, signIn, start} from './support.js'

const ACTORS = ['outsider', 'member', 'moderator', 'owner', 'admin'] as const
type Actor = (typeof ACTORS)[number]

const HOOK = {url: 'http://127.0.0.1:1/', events: ['message_sent']}

/** What each may do in a private room that the admin of the server is no member of: the status of the answer. */
const RIGHTS: readonly (readonly [name: string, status: Readonly<Record<Actor, number>>])[] = [
  ['GET /rooms/{room}/stats', {outsider: 403, member: 200, moderator: 200, owner: 200, admin: 200}],
  ['GET /rooms/{room}/audit', {outsider: 403, member: 403, moderator: 200, owner: 200, admin: 200}],
  ['GET /admin/stats', {outsider: 403, member: 403, moderator: 403, owner: 403, admin: 200}],
  ['POST /webhooks of the room', {outsider: 403, member: 403, moderator: 201, owner: 201, admin: 201}],
  ['POST /webhooks', {outsider: 201, member: 201, moderator: 201, owner: 201, admin: 201}],
  ["POST /webhooks/{the owner's}/test", {outsider: 403, member: 403, moderator: 403, owner: 200, admin: 403}],
]

describe.each(['guide', 'reference'] as const)('rights, %s', dialect => {
  it('hold for each role', async () => {
    const sandbox = await start({dialect})
    const admin = await signIn(sandbox, 'admin')
    const owner = await signIn(sandbox, 'alice')
    const moderator = await signIn(sandbox, 'bob')
    const member = await signIn(sandbox, 'bot')
    const {id: room} = (await owner.post('/rooms', {name: 'private', is_public: false})).data
    await owner.post(`/rooms/${room}/members`, {user_id: 3, role: 'moderator'})
    await owner.post(`/rooms/${room}/members`, {user_id: 4, role: 'member'})
    const {id: webhook} = (await owner.post('/webhooks', {...HOOK, room_id: room})).data
    const tokens = {member, moderator, owner, admin}
    const requests: Readonly<Record<string, readonly [string, string, unknown?]>> = {
      'GET /rooms/{room}/stats': ['GET', `/rooms/${room}/stats`],
      'GET /rooms/{room}/audit': ['GET', `/rooms/${room}/audit`],
      'GET /admin/stats': ['GET', '/admin/stats'],
      'POST /webhooks of the room': ['POST', '/webhooks', {...HOOK, room_id: room}],
      'POST /webhooks': ['POST', '/webhooks', HOOK],
      "POST /webhooks/{the owner's}/test": ['POST', `/webhooks/${webhook}/test`],
    }
    const statusOf = async (actor: Actor, name: string): Promise<number> => {
      const [method, path, body] = requests[name]!
      const token = actor === 'outsider' ? outsider : tokens[actor].token
      return (await call(sandbox, method, path, {token, body})).status
    }
    // The seeded users are four: the member leaves and is the outsider.
    const outsider = member.token
    for (const actor of ACTORS.filter(name => name !== 'outsider')) {
      for (const [name, rights] of RIGHTS) {
        expect([actor, name, await statusOf(actor, name)]).toEqual([actor, name, rights[actor]])
      }
    }
    await member.delete(`/rooms/${room}/members/4`)
    for (const [name, rights] of RIGHTS) {
      expect([name, await statusOf('outsider', name)]).toEqual([name, rights.outsider])
    }
  })
})
