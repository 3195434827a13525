import {expect, test} from 'vitest'
import type {Context} from '../../../../src/lib/cli/context.js'
import {KnownRooms} from '../../../../src/lib/cli/relay/known-rooms.js'

interface Row {
  readonly id: number
  readonly name: string
}

/** A context whose account has joined these rooms, one list for each time it is asked; an Error is thrown. */
function contextOf(lists: (readonly Row[] | Error)[]) {
  const abort = new AbortController()
  const said: string[] = []
  const context = {
    signal: abort.signal,
    out: {verbose: (text: string) => void said.push(text)},
    api: {
      rooms: {
        all: async function* () {
          const list = lists.shift() ?? []
          if (list instanceof Error) throw list
          yield* list
        },
        find: async (name: string) => ({id: 7, name}),
      },
    },
  } as unknown as Context
  const delays: number[] = []
  /** Ends when no list is left. */
  const sleep = async (delayMs: number): Promise<void> => {
    delays.push(delayMs)
    if (lists.length === 0) abort.abort()
  }
  return {context, sleep, said, delays}
}

const rooms = (...ids: number[]): Row[] => ids.map(id => ({id, name: `room-${id}`}))

test('named rooms stay as they are', async () => {
  const {context, sleep, delays} = contextOf([])
  const known = await KnownRooms.open(context, ['builds'])
  expect([known.names, known.areAll]).toEqual([['room:7'], false])
  await known.keepUp(sleep, context)
  expect(delays).toEqual([])
})

test('all rooms are looked for each 30 s; what cannot be listed stays as it was', async () => {
  const {context, sleep, said, delays} = contextOf([rooms(1, 2), new Error('no answer'), rooms(2, 3)])
  const known = await KnownRooms.open(context, [])
  expect([known.names, known.areAll]).toEqual([['room:1', 'room:2'], true])
  await known.keepUp(sleep, context)
  expect(known.names).toEqual(['room:2', 'room:3'])
  expect([said, delays]).toEqual([
    ['the rooms of the account cannot be listed now'],
    [30_000, 30_000, 30_000],
  ])
})

test('a room that was refused comes back once it was gone from the list', async () => {
  const {context, sleep} = contextOf([rooms(1, 2), rooms(1, 2)])
  const known = await KnownRooms.open(context, [])
  known.refused({kind: 'room', id: 1})
  expect(known.names).toEqual(['room:2'])
  await known.keepUp(sleep, context)
  expect(known.names).toEqual(['room:2'])
  const again = contextOf([rooms(1, 2), rooms(2), rooms(1, 2)])
  const other = await KnownRooms.open(again.context, [])
  other.refused({kind: 'room', id: 1})
  await other.keepUp(again.sleep, again.context)
  expect(other.names).toEqual(['room:1', 'room:2'])
})
