import {describe, expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import type {KnownEntry} from '../../../src/lib/relay/entry-sender.js'
import type {Done, Next} from '../../../src/lib/relay/from-stream.js'
import type {EntryFields, OutgoingEntry} from '../../../src/lib/relay/outgoing.js'
import {LeaseUnsure, StreamWorker} from '../../../src/lib/relay/stream-worker.js'
import {away} from '../../../src/lib/state/redis/errors.js'

/** What a send does: a failure, or nothing in particular. */
type Send = Error | undefined

interface RigOptions {
  readonly entries: readonly (EntryFields | undefined)[]
  readonly sends?: readonly Send[]
  /** What the stream says when it is asked for the first, second, ... time, where it is not the next entry. */
  readonly instead?: readonly (Next | Error | undefined)[]
  readonly isSure?: readonly boolean[]
  readonly isText?: boolean
  /** At this many sends the end begins. */
  readonly stopAt?: number
}

const GOOD: EntryFields = [
  ['content', 'x'],
  ['room_id', '1'],
]

/** A worker, a stream in memory, and a log of all that is done. It stops when nothing is left. */
function rig({entries, sends = [], instead = [], isSure = [], isText = true, stopAt}: RigOptions) {
  const log: string[] = []
  const delays: number[] = []
  const left = entries.map((fields, nth) => ({id: `${nth + 1}-0`, fields}))
  const others = [...instead]
  const sure = [...isSure]
  let held = false
  let nowMs = 1_000_000
  let count = 0
  const stopping = new AbortController()
  const ended = new AbortController()
  const over = (id: string): void => {
    left.splice(0, left.length, ...left.filter(entry => entry.id !== id))
    held = false
  }
  const reader = {
    next: async (_token: number, done?: Done): Promise<Next> => {
      const other = others.shift()
      if (other instanceof Error) throw other
      if (done !== undefined) {
        log.push(`ack ${done.id} room ${done.roomId} message ${done.messageId}`)
        over(done.id)
      }
      if (other !== undefined) return other
      const [entry] = left
      if (entry === undefined) return {kind: 'none', lastId: '9-0', waiting: 0}
      const next = {...entry, heldMs: held ? 5000 : undefined, isText: () => isText}
      held = true
      return {kind: 'entry', entry: next, waiting: left.length}
    },
    finish: async (_token: number, done: Done) => {
      log.push(`ack ${done.id}, the last`)
      return true
    },
    bury: async (_token: number, id: string, reason: string, tries: number) => {
      log.push(`bury ${id} after ${tries}: ${reason}`)
      over(id)
      return 'ok' as const
    },
  }
  const sender = {
    send: async (wanted: OutgoingEntry, {key, heldSinceMs}: KnownEntry) => {
      const failure = sends[count++]
      if (count === stopAt) stopping.abort()
      log.push(`send ${key}${heldSinceMs === undefined ? '' : `, held for ${nowMs - heldSinceMs}`}`)
      if (failure !== undefined) throw failure
      const roomId = 'id' in wanted.room ? wanted.room.id : 77
      return {result: 'sent' as const, roomId, messageId: 100 + count}
    },
  }
  const sleep = async (delayMs: number): Promise<void> => {
    delays.push(delayMs)
    nowMs += delayMs
  }
  const effects = {now: () => nowMs, random: () => 0, sleep}
  const worker = new StreamWorker({
    reader: reader as never,
    sender: sender as never,
    rules: {roomId: undefined, textOf: undefined},
    token: 1,
    attempts: 3,
    keyOf: id => `key of ${id}`,
    isSure: () => sure.shift() ?? true,
    arrival: async lastId => {
      log.push(`wait behind ${lastId}`)
      stopping.abort()
    },
    reopen: async () => void log.push('reopen'),
    events: {
      fate: async fate => void log.push(`${fate.result} ${fate.entryId} room ${fate.roomId}`),
      holding: (id, error) => void log.push(`hold ${id}: ${error.message}`),
      redisFailure: error => void log.push((error as Error).message),
      fenced: () => void log.push('fenced'),
      waiting: () => undefined,
    },
    effects,
    stopping: stopping.signal,
    ended: ended.signal,
  })
  return {worker, log, delays, ended, stopping}
}

const unreachable = new VezaError('unreachable', 'away')
const internal = new VezaError('server_error', 'broken', {status: 500, mayHaveActed: true})

describe('what goes well', () => {
  test('one after the other, each acknowledged with the question for the next', async () => {
    const {worker, log} = rig({entries: [GOOD, GOOD]})
    await worker.run()
    expect(log).toEqual([
      'send key of 1-0',
      'sent 1-0 room 1',
      'ack 1-0 room 1 message 101',
      'send key of 2-0',
      'sent 2-0 room 1',
      'ack 2-0 room 1 message 102',
      'wait behind 9-0',
    ])
  })

  test('at the end what was sent is acknowledged, and nothing more begun', async () => {
    const {worker, log} = rig({entries: [GOOD, GOOD], stopAt: 1})
    await worker.run()
    expect(log).toEqual(['send key of 1-0', 'sent 1-0 room 1', 'ack 1-0, the last'])
  })
})

describe('what can never be sent', () => {
  test('no text, bytes that are no text, and what was trimmed away', async () => {
    const entries = [
      [],
      [
        ['content', '\ufffd'],
        ['room', '1'],
      ],
      undefined,
    ] as const
    const {worker, log} = rig({entries, isText: false})
    await worker.run()
    expect(log.slice(0, 6)).toEqual([
      'bury 1-0 after 0: there is no text',
      'dead 1-0 room undefined',
      'bury 2-0 after 0: it is no UTF-8',
      'dead 2-0 room undefined',
      'bury 3-0 after 0: it was trimmed away before it could be sent',
      'dead 3-0 room undefined',
    ])
  })

  test('a replacement character that somebody has written is a character', async () => {
    const {worker, log} = rig({
      entries: [
        [
          ['content', '\ufffd'],
          ['room', '1'],
        ],
      ],
    })
    await worker.run()
    expect(log[0]).toBe('send key of 1-0')
  })

  test('what the server refuses', async () => {
    const {worker, log} = rig({entries: [GOOD, GOOD], sends: [new VezaError('refused', 'too long')]})
    await worker.run()
    expect(log.slice(0, 4)).toEqual([
      'send key of 1-0',
      'bury 1-0 after 1: too long',
      'dead 1-0 room 1',
      'send key of 2-0',
    ])
  })

  test('what the server fails over again and again, as often as it may', async () => {
    const {worker, log} = rig({entries: [GOOD, GOOD], sends: [internal, unreachable, internal, internal]})
    await worker.run()
    expect(log.filter(line => line.startsWith('send key of 1'))).toHaveLength(4)
    expect(log).toContain('bury 1-0 after 4: broken')
    expect(log).toContain('sent 2-0 room 1')
  })
})

describe('what passes', () => {
  test('holds the stream, longer each time up to a minute; the next try knows since when', async () => {
    const {worker, log, delays} = rig({entries: [GOOD], sends: Array(8).fill(unreachable)})
    await worker.run()
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
    expect(log.slice(0, 4)).toEqual([
      'send key of 1-0',
      'hold 1-0: away',
      'send key of 1-0, held for 500',
      'hold 1-0: away',
    ])
    expect(log).toContain('sent 1-0 room 1')
  })

  test('for as long as the server asks', async () => {
    const limited = new VezaError('rate_limited', 'slow', {retryAfterMs: 70_000})
    const {worker, delays} = rig({entries: [GOOD], sends: [limited]})
    await worker.run()
    expect(delays).toEqual([70_000])
  })

  test('counts for one entry alone', async () => {
    const {worker, delays} = rig({entries: [GOOD, GOOD], sends: [internal, internal, undefined, internal]})
    await worker.run()
    expect(delays).toEqual([500, 1000, 500])
  })

  test('that Redis is away', async () => {
    const {worker, log} = rig({entries: [GOOD], instead: [away('r:1', 'ECONNRESET')]})
    await worker.run()
    expect(log.slice(0, 2)).toEqual(['cannot reach Redis at r:1 (ECONNRESET)', 'send key of 1-0'])
  })

  test('an acknowledgement is repeated until Redis has it, and nothing is sent again', async () => {
    const {worker, log} = rig({entries: [GOOD], instead: [undefined, away('r:1', 'ETIMEDOUT')]})
    await worker.run()
    expect(log).toEqual([
      'send key of 1-0',
      'sent 1-0 room 1',
      'cannot reach Redis at r:1 (ETIMEDOUT)',
      'ack 1-0 room 1 message 101',
      'wait behind 9-0',
    ])
  })
})

describe('the lease', () => {
  test('another member has it: nothing more is done', async () => {
    const {worker, log} = rig({entries: [GOOD], instead: [{kind: 'fenced'}]})
    await worker.run()
    expect(log).toEqual(['fenced'])
  })

  test('nothing is sent while it is not sure', async () => {
    const {worker, log, delays} = rig({entries: [GOOD], isSure: [false, false, true]})
    await worker.run()
    expect(delays).toEqual([500, 500])
    expect(log[0]).toBe('send key of 1-0')
  })

  test('neither when that turns out at the last moment', async () => {
    const {worker, log} = rig({entries: [GOOD], sends: [new LeaseUnsure()]})
    await worker.run()
    expect(log.filter(line => line.startsWith('send'))).toHaveLength(2)
    expect(log.some(line => line.startsWith('hold'))).toBe(false)
  })
})

test('a group that is gone is made again', async () => {
  const {worker, log} = rig({entries: [GOOD], instead: [{kind: 'gone'}]})
  await worker.run()
  expect(log.slice(0, 2)).toEqual(['reopen', 'send key of 1-0'])
})

test.each([new VezaError('signed_out', 'no session'), new TypeError('a bug')])('%s ends it', async error => {
  const {worker, log} = rig({entries: [GOOD], sends: [error]})
  await expect(worker.run()).rejects.toBe(error)
  expect(log).toEqual(['send key of 1-0'])
})

test('a failure after the end has begun is none', async () => {
  const {worker, log} = rig({entries: [GOOD], sends: [new TypeError('aborted')], stopAt: 1})
  await worker.run()
  expect(log).toEqual(['send key of 1-0'])
})
