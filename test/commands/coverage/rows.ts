import type {ContractCall} from '../../../src/contract/calls.js'
import type {Chat, DIALECTS} from '../../support/chat.js'

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
  readonly as?: 'alice' | 'bob'
  /** The only dialect in which the command has a reason to make the call; another command makes it in the other. */
  readonly only?: (typeof DIALECTS)[number]
  readonly stdin?: string
}

const lastMessage = async ({chat, room}: World, user: 'alice' | 'bob' = 'alice'): Promise<string> => {
  const [id] = await chat.post(room.id, ['a message'], user)
  return String(id)
}

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
]
