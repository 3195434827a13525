import {describe, expect, test} from 'vitest'
import type {Followed} from '../../../../src/lib/cli/tail/channels.js'
import {type StartOptions, startsOf} from '../../../../src/lib/cli/tail/starts.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'

const GENERAL = {kind: 'room', id: 1} as const
const BUILDS = {kind: 'room', id: 2} as const
const ALICE = {kind: 'dm', id: 7} as const
const BOB = {kind: 'dm', id: 8} as const

function followed(channels: readonly Channel[], all = false): Followed {
  const base = {channels, label: '', isOne: false, nameOf: () => undefined}
  return all ? {...base, discover: async () => channels} : base
}

const options: StartOptions = {
  last: undefined,
  since: undefined,
  cursor: undefined,
  readPage: async ({id}) => ({
    items: [5, 4, 3].map(n => ({id: id * 10 + n, content: '', created_at: new Date(n * 1000).toISOString()})),
    has_more: false,
  }),
  signal: new AbortController().signal,
}

function cursorOf(...known: readonly (readonly [Channel, number])[]): Cursor {
  const cursor = new Cursor({server: 'http://localhost'})
  for (const [channel, id] of known) cursor.checkpoint(channel, id)
  return cursor
}

describe('startsOf', () => {
  test('from now on, the last so many, or after an id', async () => {
    const rooms = followed([GENERAL, BUILDS])
    expect(await startsOf(rooms, options)).toEqual([{channel: GENERAL}, {channel: BUILDS}])
    expect(await startsOf(rooms, {...options, last: 3})).toEqual([
      {channel: GENERAL, last: 3},
      {channel: BUILDS, last: 3},
    ])
    expect(await startsOf(rooms, {...options, last: 3, since: {id: 9}})).toEqual([
      {channel: GENERAL, afterId: 9},
      {channel: BUILDS, afterId: 9},
    ])
  })

  test('a time is another id in each channel', async () => {
    const since = {timeMs: 4000}
    expect(await startsOf(followed([GENERAL, BUILDS]), {...options, since})).toEqual([
      {channel: GENERAL, afterId: 13},
      {channel: BUILDS, afterId: 23},
    ])
  })

  test('where the cursor knows better nothing else counts; a room it does not know begins as asked', async () => {
    const cursor = cursorOf([BUILDS, 40])
    expect(await startsOf(followed([GENERAL, BUILDS], true), {...options, cursor, since: {id: 9}})).toEqual([
      {channel: GENERAL, afterId: 9},
      {channel: BUILDS, afterId: 40, delivered: []},
    ])
  })

  test('of all conversations, one that began since the last run is wanted from its beginning', async () => {
    const cursor = cursorOf([ALICE, 40])
    expect(await startsOf(followed([ALICE, BOB], true), {...options, cursor})).toEqual([
      {channel: ALICE, afterId: 40, delivered: []},
      {channel: BOB, afterId: 0},
    ])
    expect(await startsOf(followed([ALICE, BOB]), {...options, cursor})).toEqual([
      {channel: ALICE, afterId: 40, delivered: []},
      {channel: BOB},
    ])
    const partial = {...followed([ALICE, BOB], true), isPartial: true}
    expect(await startsOf(partial, {...options, cursor, last: 2})).toEqual([
      {channel: ALICE, afterId: 40, delivered: []},
      {channel: BOB, last: 2},
    ])
    expect(await startsOf(followed([ALICE, BOB], true), {...options, cursor: cursorOf()})).toEqual([
      {channel: ALICE},
      {channel: BOB},
    ])
  })
})
