import {expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {EntrySender} from '../../../src/lib/relay/entry-sender.js'
import {ModelServer} from '../delivery/model-server.js'

function rig(rooms: Readonly<Record<string, number>> = {}, failure?: VezaError) {
  const server = new ModelServer()
  const searched: string[] = []
  const asked: number[] = []
  const sent: [number, string][] = []
  const sender = new EntrySender({
    delivery: {
      port: {
        page: (...query) => server.page(...query),
        edit: (...edit) => server.edit(...edit),
        me: () => server.me(),
        send: async outgoing => {
          sent.push([outgoing.place.id, outgoing.clientId])
          if (outgoing.content === 'gone') throw new VezaError('not_found', 'no such room')
          return server.store(outgoing)
        },
      },
      effects: server.effects,
    },
    findRoom: async name => {
      searched.push(name)
      if (failure !== undefined) throw failure
      return rooms[name] ?? 1
    },
    lastMessageId: async roomId => {
      asked.push(roomId)
      return 0
    },
  })
  const send = (room: {id: number} | {name: string}, content = 'x', key = 'k', heldSinceMs?: number) =>
    sender.send({room, content, parentId: undefined}, {key, heldSinceMs})
  return {server, searched, asked, sent, send}
}

test('a room is searched once, and what was sent there last is asked once', async () => {
  const {searched, asked, sent, send} = rig({a: 5, b: 6})
  expect(await send({name: 'a'})).toEqual({result: 'sent', roomId: 5, messageId: 1})
  await send({name: 'b'})
  await send({name: 'a'})
  await send({id: 5})
  expect(searched).toEqual(['a', 'b'])
  expect(asked).toEqual([5, 6])
  expect(sent.map(([roomId]) => roomId)).toEqual([5, 6, 5, 5])
})

test('a room that is gone is searched again the next time', async () => {
  const {searched, send} = rig({a: 5})
  await send({name: 'a'})
  await expect(send({name: 'a'}, 'gone')).rejects.toMatchObject({code: 'not_found'})
  await send({name: 'a'})
  expect(searched).toEqual(['a', 'a'])
})

test('a name that several rooms have cannot be sent to; that nobody answers is another matter', async () => {
  const several = rig({}, new VezaError('usage', 'several rooms are called "a"'))
  await expect(several.send({name: 'a'})).rejects.toMatchObject({
    code: 'not_found',
    message: 'several rooms are called "a"',
  })
  const away = rig({}, new VezaError('unreachable', 'away'))
  await expect(away.send({name: 'a'})).rejects.toMatchObject({code: 'unreachable'})
})

test('a key is one message in one room, whoever sends it', async () => {
  const {sent, send} = rig()
  await send({id: 1}, 'x', 'one')
  await send({id: 1}, 'x', 'two')
  await send({id: 2}, 'x', 'one')
  await rig().send({id: 1}, 'x', 'one')
  expect(new Set(sent.map(([, clientId]) => clientId)).size).toBe(3)
  const other = rig()
  await other.send({id: 1}, 'x', 'one')
  expect(other.sent[0]).toEqual(sent[0])
})

test('after one was sent, a message before it is never taken for the next', async () => {
  const {server, send} = rig()
  await send({id: 1}, 'same', 'one')
  const heldSinceMs = server.nowMs
  expect(await send({id: 1}, 'same', 'one', heldSinceMs)).toEqual({result: 'sent', roomId: 1, messageId: 2})
})

test('of names only a thousand are remembered', async () => {
  const {searched, send} = rig()
  for (let nth = 0; nth <= 1000; nth++) await send({name: `room ${nth}`})
  await send({name: 'room 1'})
  expect(searched).toHaveLength(1001)
  await send({name: 'room 0'})
  expect(searched).toHaveLength(1002)
})
