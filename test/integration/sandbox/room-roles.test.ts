import {beforeAll, describe, expect, it} from 'vitest'
import {startSandbox} from '../../../src/sandbox/index.js'
import {signIn, type User} from './support.js'

/** Who asks: bob in a room of alice as what is said, or as its owner; the server's admin is no member. */
const ACTORS = ['stranger', 'member', 'moderator', 'owner', 'admin'] as const
type Actor = (typeof ACTORS)[number]

const ADMIN = 1
const BOB = 3
const BOT = 4

interface Case {
  readonly what: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the room. `ME` is the one who asks. */
  readonly path: string
  readonly body?: (me: number) => Readonly<Record<string, unknown>>
  /** What bot is in the room before. */
  readonly bot?: 'member' | 'moderator'
  readonly isPublic?: boolean
  readonly may: readonly Actor[]
}

const MANAGERS = ['moderator', 'owner', 'admin'] as const
const OWNERS = ['owner', 'admin'] as const

const CASES: readonly Case[] = [
  {what: 'sees a private room', method: 'GET', path: '', may: ['member', ...MANAGERS]},
  {what: 'sees its members', method: 'GET', path: '/members', may: ['member', ...MANAGERS]},
  {
    what: 'sees its members of a role',
    method: 'GET',
    path: '/members?role=owner',
    may: ['member', ...MANAGERS],
  },
  {what: 'sees a public room', method: 'GET', path: '/members', isPublic: true, may: ACTORS},
  {what: 'renames it', method: 'PUT', path: '', body: () => ({description: 'x'}), may: MANAGERS},
  {what: 'deletes it', method: 'DELETE', path: '', may: OWNERS},
  {what: 'brings a member in', method: 'POST', path: '/members', body: () => ({user_id: BOT}), may: MANAGERS},
  {
    what: 'brings a moderator in',
    method: 'POST',
    path: '/members',
    body: () => ({user_id: BOT, role: 'moderator'}),
    may: OWNERS,
  },
  {
    what: 'gives a role',
    method: 'PUT',
    path: `/members/${BOT}`,
    body: () => ({role: 'moderator'}),
    bot: 'member',
    may: OWNERS,
  },
  {
    what: 'takes a role',
    method: 'PUT',
    path: `/members/${BOT}`,
    body: () => ({role: 'member'}),
    bot: 'moderator',
    may: OWNERS,
  },
  {what: 'removes a member', method: 'DELETE', path: `/members/${BOT}`, bot: 'member', may: MANAGERS},
  {what: 'removes a moderator', method: 'DELETE', path: `/members/${BOT}`, bot: 'moderator', may: OWNERS},
  {what: 'leaves', method: 'DELETE', path: '/members/ME', may: ['member', 'moderator']},
  {
    what: 'joins a public room',
    method: 'POST',
    path: '/members',
    body: me => ({user_id: me, role: 'member'}),
    isPublic: true,
    may: ['stranger', 'admin'],
  },
  {
    what: 'joins a private room',
    method: 'POST',
    path: '/members',
    body: me => ({user_id: me, role: 'member'}),
    may: ['admin'],
  },
]

/** Where the answer to who may not is another one than 403: there is nothing to leave, or one is in already. */
const OTHERWISE: Readonly<Record<string, number>> = {
  'leaves stranger': 404,
  'leaves admin': 404,
  'leaves owner': 409,
  'joins a public room member': 409,
  'joins a public room moderator': 409,
  'joins a public room owner': 409,
  'joins a private room moderator': 409,
  'joins a private room owner': 409,
}

describe.each(['guide', 'reference'] as const)('who may do what with a room, %s', dialect => {
  const users = new Map<string, User>()
  beforeAll(async () => {
    const sandbox = await startSandbox({dialect})
    for (const name of ['admin', 'alice', 'bob', 'bot']) users.set(name, await signIn(sandbox, name))
    return () => sandbox.close()
  })
  const user = (name: string): User => users.get(name)!
  let rooms = 0

  /** A room where bob is what the case wants. */
  async function roomFor(actor: Actor, {bot, isPublic = false}: Case): Promise<number> {
    const owner = user(actor === 'owner' ? 'bob' : 'alice')
    const {data} = await owner.post('/rooms', {name: `room-${rooms++}`, is_public: isPublic})
    const path = `/rooms/${data.id}/members`
    if (actor === 'member' || actor === 'moderator') await owner.post(path, {user_id: BOB, role: actor})
    if (bot !== undefined) await owner.post(path, {user_id: BOT, role: bot})
    return Number(data.id)
  }

  const rows = CASES.flatMap(each => ACTORS.map(actor => [actor, each.what, each] as const))
  it.each(rows)('%s %s', async (actor, what, each) => {
    const {method, path, body, may} = each
    const me = actor === 'admin' ? ADMIN : BOB
    const room = await roomFor(actor, each)
    const by = user(actor === 'admin' ? 'admin' : 'bob')
    const url = `/rooms/${room}${path.replace('ME', `${me}`)}`
    const payload = body?.(me)
    const send = {GET: by.get, POST: by.post, PUT: by.put, DELETE: by.delete}[method]
    const {status} = await send(url, payload)
    const refusal = OTHERWISE[`${what} ${actor}`] ?? 403
    expect(may.includes(actor) ? status >= 200 && status < 300 : status === refusal, `${status}`).toBe(true)
  })
})
