import {describe, expect, test} from 'vitest'
import {endRecord, feedRecord, lateRecord, serverRecord} from '../../../../src/lib/cli/tail/stream-records.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const AT = new Date('2026-11-22T10:00:00.5Z')
const HEAD = {v: 1, at: '2026-11-22T10:00:00.500Z'}
const ROOM = {kind: 'room', id: 15} as const
const DM = {kind: 'dm', id: 3} as const

/** As a reader of the stream has it. */
function read(record: unknown): unknown {
  return JSON.parse(JSON.stringify(record))
}

describe('feedRecord', () => {
  test('ready has the position in each channel', () => {
    const channels = [
      {channel: ROOM, lastId: 123},
      {channel: DM, lastId: 0},
    ]
    expect(read(feedRecord({type: 'ready', channels}, AT))).toEqual({
      event: 'ready',
      ...HEAD,
      rooms: [
        {room_id: 15, last_id: 123},
        {conversation_id: 3, last_id: 0},
      ],
    })
  })

  test('disconnected has the code and the words of its cause, and the close code where there was one', () => {
    const error = new VezaError('unreachable', 'the server closed the connection')
    expect(read(feedRecord({type: 'disconnected', error, closeCode: 1012}, AT))).toEqual({
      event: 'disconnected',
      ...HEAD,
      reason: 'unreachable',
      message: 'the server closed the connection',
      close_code: 1012,
    })
    expect(read(feedRecord({type: 'disconnected', error: new Error('odd')}, AT))).toEqual({
      event: 'disconnected',
      ...HEAD,
      reason: 'unreachable',
      message: 'the connection broke',
    })
  })

  test('reconnected, gap_filled, unfollowed and lagged have what is known', () => {
    expect(read(feedRecord({type: 'reconnected', downMs: 1234.5678}, AT))).toEqual({
      event: 'reconnected',
      ...HEAD,
      down_ms: 1235,
    })
    const gap = {type: 'gap_filled', channel: DM, from: 4, to: 9, count: 5} as const
    expect(read(feedRecord(gap, AT))).toEqual({
      event: 'gap_filled',
      ...HEAD,
      conversation_id: 3,
      from: 4,
      to: 9,
      count: 5,
    })
    const error = new VezaError('not_found', 'gone')
    expect(read(feedRecord({type: 'unfollowed', channel: {kind: 'room', id: 4}, error}, AT))).toEqual({
      event: 'unfollowed',
      ...HEAD,
      room_id: 4,
      reason: 'not_found',
      message: 'gone',
    })
    expect(read(feedRecord({type: 'lagged', count: 2, total: 7}, AT))).toEqual({
      event: 'lagged',
      ...HEAD,
      count: 2,
      total: 7,
    })
  })

  test('what is told on stderr only has none', () => {
    const error = new VezaError('unreachable', 'x')
    expect(feedRecord({type: 'reconnecting', attempt: 1, delayMs: 5, error}, AT)).toBeUndefined()
    expect(feedRecord({type: 'warning', message: 'odd'}, AT)).toBeUndefined()
  })
})

test('late names the place and the message', () => {
  expect(read(lateRecord(ROOM, 7, AT))).toEqual({event: 'late', ...HEAD, room_id: 15, id: 7})
})

test('an event of the server keeps its data exactly, in a place of its own', () => {
  const data = {v: 9, at: 'x', event: 'y', emoji: '👍', nested: {a: [1, null]}}
  expect(read(serverRecord({type: 'reaction_added', data}, AT))).toEqual({
    event: 'reaction_added',
    ...HEAD,
    data,
  })
})

test('end has the reason, the cursor and all counts', () => {
  const given = {delivered: 5, duplicates: 1, reconnects: 2, gapFilled: 3, late: 4, dropped: 6}
  const counters = {...given, attempts: 9, malformed: 0, reported: 0}
  const counts = {printed: 9, delivered: 5, duplicates: 1, reconnects: 2, gap_filled: 3, late: 4, dropped: 6}
  expect(read(endRecord({reason: 'idle', cursor: 'ci.cursor', printed: 9, counters}, AT))).toEqual({
    event: 'end',
    ...HEAD,
    reason: 'idle',
    cursor: 'ci.cursor',
    counts,
  })
  expect(read(endRecord({reason: 'count', cursor: undefined, printed: 9, counters}, AT))).not.toHaveProperty(
    'cursor',
  )
})
