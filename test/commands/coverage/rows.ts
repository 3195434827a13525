import {once} from 'node:events'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import type {ContractCall} from '../../../src/contract/calls.js'
import {type Chat, type DIALECTS, documentOf} from '../../support/chat.js'

/** What a command line is made of, in a world that it may change. */
export interface World {
  readonly chat: Chat
  /** A room of alice with bob in it, made for this run alone. */
  readonly room: {readonly id: number; readonly name: string}
}

/** A command that is there for a row of the contract, and one run of it that makes the call. */
export interface CoverageRow {
  readonly call: ContractCall
  /** Its id, as in the manifest. */
  readonly command: string
  /** The words behind those of the command; may prepare what they name. As alice unless `as` says otherwise. */
  readonly args: (world: World) => readonly string[] | Promise<readonly string[]>
  readonly as?: 'alice' | 'bob' | 'admin'
  /** The only dialect in which the command has a reason to make the call; another command makes it in the other. */
  readonly only?: (typeof DIALECTS)[number]
  readonly stdin?: string
}

const lastMessage = async ({chat, room}: World, user: 'alice' | 'bob' = 'alice'): Promise<string> => {
  const [id] = await chat.post(room.id, ['a message'], user)
  return String(id)
}

/** A file of the room; its id. */
async function fileIn({chat, room}: World): Promise<string> {
  const upload = ['files', 'upload', '-', '--name', 'a.txt', '--room', room.name, '--json']
  return String(documentOf(await chat.alice.run(upload, {stdin: 'content'})).file_id)
}

/** A conversation of alice with bob; its id. */
async function conversation({chat}: World): Promise<number> {
  const made = await chat.call('alice', 'POST', '/conversations', {user_id: 3})
  const {conversation_id: guideId, id} = made as {conversation_id?: number; id?: number}
  return guideId ?? id ?? 0
}

/** A webhook whose receiver takes everything; its id. */
async function webhook({chat}: World): Promise<string> {
  const server = createServer((incoming, response) => {
    incoming.resume()
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const made = await chat.call('alice', 'POST', '/webhooks', {url, events: ['message_sent']})
  return String((made as {id: number}).id)
}

/** A folder that is not there yet. */
const folder = ({chat}: World): string => join(chat.alice.folder, `export-${Math.random()}`)

/** Frames sent by hand: what answers them is no matter here. */
const FRAMES: readonly (readonly [ContractCall, (world: World) => Fields | Promise<Fields>])[] = [
  ['join_room', ({room}) => ({room_id: room.id})],
  ['send_message', ({room}) => ({room_id: room.id, content: 'hello'})],
  ['leave_room', ({room}) => ({room_id: room.id})],
  ['get_history', ({room}) => ({room_id: room.id, limit: 5})],
  ['pin_message', async world => ({room_id: world.room.id, message_id: await lastMessage(world), pin: true})],
  ['create_dm', () => ({user1_id: 2, user2_id: 3})],
  ['send_dm', async world => ({conversation_id: await conversation(world), content: 'hello'})],
  ['block_dm', async world => ({conversation_id: await conversation(world), block: false})],
  ['list_dms', () => ({limit: 5})],
  ['add_reaction', async world => ({message_id: await lastMessage(world), emoji: '👍'})],
  ['remove_reaction', async world => ({message_id: await reacted(world), emoji: '👍'})],
  ['get_reactions', async world => ({message_id: await lastMessage(world)})],
  ['get_room_stats', ({room}) => ({room_id: room.id})],
  ['get_audit_logs', ({room}) => ({room_id: room.id})],
  ['ping', () => ({timestamp: 1})],
  ['disconnect', () => ({})],
]

type Fields = Readonly<Record<string, string | number | boolean>>

/** A message under which alice has put a thumb. */
async function reacted(world: World): Promise<string> {
  const id = await lastMessage(world)
  await world.chat.call('alice', 'POST', `/messages/${id}/reactions`, {emoji: '👍'})
  return id
}

const rawFrames: readonly CoverageRow[] = FRAMES.map(([call, data]) => ({
  call,
  command: 'api:ws',
  args: async world => [
    call,
    ...Object.entries(await data(world)).flatMap(([name, value]) => ['-F', `${name}=${value}`]),
    ...(call === 'disconnect' ? [] : ['--idle-timeout', '300ms']),
  ],
}))

/** One row for each call that a command lists: the test says which is missing. */
export const ROWS: readonly CoverageRow[] = [
  {call: 'GET /rooms', command: 'rooms:list', args: () => ['--filter', 'joined']},
  {call: 'POST /rooms', command: 'rooms:create', args: () => [`made-${Math.random()}`]},
  {call: 'GET /rooms/{id}', command: 'rooms:get', args: ({room}) => [room.name]},
  {
    call: 'GET /rooms/{id}/messages',
    command: 'messages:list',
    args: async world => {
      await lastMessage(world)
      return [String(world.room.id)]
    },
  },
  {call: 'POST /rooms/{id}/messages', command: 'messages:send', args: ({room}) => [room.name, 'hello']},
  {
    call: 'send_message',
    command: 'messages:send',
    // Without acknowledgements a batch goes over REST.
    only: 'reference',
    args: ({room}) => [room.name, '--lines'],
    stdin: Array.from({length: 20}, (_, nth) => `line ${nth}\n`).join(''),
  },
  {
    call: 'PUT /messages/{id}',
    command: 'messages:edit',
    args: async world => [await lastMessage(world), 'new text'],
  },
  {
    call: 'DELETE /messages/{id}',
    command: 'messages:delete',
    args: async world => [await lastMessage(world), '--yes'],
  },
  ...(['authenticate', 'join_room'] as const).map(call => ({
    call,
    command: 'messages:tail',
    args: async (world: World) => {
      await lastMessage(world, 'bob')
      return [world.room.name, '--last', '1', '--count', '1']
    },
  })),
  {call: 'POST /conversations', command: 'dm:send', args: () => ['bob', 'hello']},
  {call: 'POST /conversations/{id}/messages', command: 'dm:send', args: () => ['bob', 'hello again']},
  {
    call: 'POST /files/upload',
    command: 'files:upload',
    args: ({room}) => ['-', '--name', 'a.txt', '--room', room.name],
    stdin: 'content',
  },
  {call: 'GET /admin/stats', command: 'admin:stats', args: () => [], as: 'admin'},
  {call: 'authenticate', command: 'api:ws', args: () => ['--idle-timeout', '300ms']},
  ...rawFrames,
  {call: 'POST /conversations', command: 'dm:block', args: () => ['bot']},
  {call: 'POST /conversations/{id}/block', command: 'dm:block', args: () => ['bot']},
  {call: 'POST /conversations/{id}/block', command: 'dm:unblock', args: () => ['bot']},
  {call: 'POST /conversations', command: 'dm:open', args: () => ['bob']},
  {
    call: 'GET /conversations/{id}/messages',
    command: 'dm:history',
    args: async world => {
      await conversation(world)
      return ['bob']
    },
  },
  {call: 'GET /conversations', command: 'dm:list', args: () => []},
  {call: 'DELETE /files/{id}', command: 'files:delete', args: async world => [await fileIn(world), '--yes']},
  {
    call: 'GET /files/{id}/download',
    command: 'files:download',
    args: async world => [await fileIn(world), '--output', join(world.chat.alice.folder, `${Math.random()}`)],
  },
  {call: 'GET /rooms/{id}/messages', command: 'messages:history', args: ({room}) => [room.name]},
  {call: 'GET /rooms/{id}/messages', command: 'messages:pins', args: ({room}) => [room.name]},
  {call: 'GET /rooms/{id}/messages', command: 'messages:search', args: ({room}) => ['text', room.name]},
  {call: 'POST /messages/{id}/pin', command: 'messages:pin', args: async world => [await lastMessage(world)]},
  {
    call: 'POST /messages/{id}/pin',
    command: 'messages:unpin',
    args: async world => [await lastMessage(world)],
  },
  {
    call: 'POST /messages/{id}/reactions',
    command: 'messages:react',
    args: async world => [await lastMessage(world), '👍'],
  },
  {
    call: 'GET /messages/{id}/reactions',
    command: 'messages:reactions',
    args: async world => [await reacted(world)],
  },
  {
    call: 'DELETE /messages/{id}/reactions/{emoji}',
    command: 'messages:unreact',
    args: async world => [await reacted(world), '👍'],
  },
  {call: 'update_status', command: 'presence:set', args: () => ['busy']},
  {call: 'GET /rooms/{id}/audit', command: 'rooms:audit', args: ({room}) => [room.name]},
  {call: 'GET /rooms/{id}/stats', command: 'rooms:stats', args: ({room}) => [room.name]},
  {call: 'PUT /rooms/{id}', command: 'rooms:update', args: ({room}) => [room.name, '--description', 'new']},
  {call: 'DELETE /rooms/{id}', command: 'rooms:delete', args: ({room}) => [room.name, '--yes']},
  {
    call: 'GET /rooms/{id}/messages',
    command: 'rooms:export',
    args: world => [world.room.name, '--output', folder(world)],
  },
  {
    call: 'GET /rooms/{id}/members',
    command: 'rooms:export',
    args: world => [world.room.name, '--output', folder(world)],
  },
  {
    call: 'GET /files/{id}/download',
    command: 'rooms:export',
    args: async world => {
      const path = `/api/v1/files/${await fileIn(world)}/download`
      await world.chat.post(world.room.id, [`see ${path}`], 'alice')
      return [world.room.name, '--output', folder(world)]
    },
  },
  {
    call: 'GET /conversations/{id}/messages',
    command: 'rooms:export',
    args: async world => {
      await conversation(world)
      return ['--dm', 'bob', '--output', folder(world)]
    },
  },
  {
    call: 'POST /rooms/{id}/members',
    command: 'rooms:join',
    args: async ({chat}) => {
      const made = await chat.call('alice', 'POST', '/rooms', {name: `open-${Math.random()}`})
      return [String((made as {id: number}).id)]
    },
    as: 'bob',
  },
  {
    call: 'DELETE /rooms/{id}/members/{user_id}',
    command: 'rooms:leave',
    args: ({room}) => [room.name],
    as: 'bob',
  },
  {call: 'GET /rooms/{id}/members', command: 'rooms:members:list', args: ({room}) => [room.name]},
  {call: 'POST /rooms/{id}/members', command: 'rooms:members:add', args: ({room}) => [room.name, 'bot']},
  {
    call: 'PUT /rooms/{id}/members/{user_id}',
    command: 'rooms:members:set-role',
    args: ({room}) => [room.name, 'bob', '--role', 'moderator'],
  },
  {
    call: 'DELETE /rooms/{id}/members/{user_id}',
    command: 'rooms:members:remove',
    args: ({room}) => [room.name, 'bob'],
  },
  {call: 'GET /users/{id}', command: 'users:get', args: () => ['3']},
  {call: 'GET /users/me', command: 'users:me', args: () => []},
  {call: 'GET /users/search', command: 'users:search', args: () => ['bo']},
  {call: 'PUT /users/me', command: 'users:update', args: () => ['--status-message', 'at tea']},
  {call: 'GET /webhooks', command: 'webhooks:list', args: () => []},
  {
    call: 'POST /webhooks',
    command: 'webhooks:create',
    args: () => ['http://127.0.0.1:9/', '--event', 'message_sent'],
  },
  {call: 'POST /webhooks/{id}/test', command: 'webhooks:test', args: async world => [await webhook(world)]},
]
