import {describe, expect, test} from 'vitest'
import {BotCounters} from '../../../../src/lib/cli/bot/bot-counters.js'
import {BotRun, type BotRunOptions} from '../../../../src/lib/cli/bot/bot-run.js'
import type {OpenCursor} from '../../../../src/lib/cli/cursor-flags.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {BotRecord} from '../../../../src/lib/output/views/bot-record.js'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'
import type {Feed, FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'

const ROOM = {kind: 'room', id: 1} as const

function asked(id: number, content = '!bot ping', more: object = {}): FeedItem {
  const message = {id, author_id: 3, username: 'bob', content, created_at: '2026-11-22T12:00:00Z', ...more}
  return {type: 'message', channel: ROOM, message, late: false}
}

function checkpoint(id: number): FeedItem {
  return {type: 'checkpoint', channel: ROOM, id}
}

/** A run over these batches, with answers that are there at once unless `more` has it otherwise. */
function rig(batches: readonly (readonly FeedItem[])[], more: Partial<BotRunOptions> = {}) {
  const cursor = new Cursor({server: 'http://chat.example'})
  const records: BotRecord[] = []
  const notices: string[] = []
  const sent: number[] = []
  const failures: unknown[] = []
  const left = [...batches]
  const counters = new BotCounters()
  const abort = new AbortController()
  const run = new BotRun({
    feed: {nextBatch: async () => left.shift(), close: async () => void left.splice(0)} as unknown as Feed,
    keeper: {cursor, changed: () => undefined} as unknown as OpenCursor,
    rules: () => ({
      botId: 4,
      prefix: '!bot',
      commands: new Map(),
      oldestMs: Date.parse('2026-11-22T11:00:00Z'),
    }),
    maxAgeMs: 3_600_000,
    responder: {reply: async () => ({type: 'text', text: 'ok'})},
    sender: {
      send: async ({id}) => {
        sent.push(id)
        return {outcome: 'created', clientId: 'x', messageId: 1000 + id}
      },
    },
    counters,
    print: async record => void records.push(record),
    onReady: async () => void notices.push('ready'),
    onFailure: error => void failures.push(error),
    out: {notice: text => void notices.push(text), verbose: () => undefined},
    signal: abort.signal,
    ...more,
  })
  return {run, cursor, records, notices, sent, counters, abort, failures}
}

const READY: FeedItem = {type: 'event', event: {type: 'ready', channels: []}}

describe('BotRun', () => {
  test('what was answered is recorded, counted, and passed by the cursor', async () => {
    const {run, cursor, records, counters} = rig([
      [checkpoint(0), asked(1), asked(2, 'hello'), asked(3, '!bot x')],
    ])
    await run.run()
    expect(
      records.map(({message_id, command, result, answer_id}) => [message_id, command, result, answer_id]),
    ).toEqual([
      [1, 'ping', 'answered', 1001],
      [3, 'x', 'answered', 1003],
    ])
    expect(counters.results).toMatchObject({answered: 2})
    expect(cursor.start(ROOM)).toEqual({afterId: 3, delivered: []})
  })

  test('its own messages and those of nobody need no answer', async () => {
    const batch = [
      checkpoint(0),
      asked(1, '!bot ping', {author_id: 4}),
      asked(2, '!bot ping', {author_id: undefined}),
    ]
    const {run, cursor, sent} = rig([batch])
    await run.run()
    expect(sent).toEqual([])
    expect(cursor.start(ROOM)).toEqual({afterId: 2, delivered: []})
  })

  test('what is too old is told of once it is ready', async () => {
    const old = {created_at: '2026-11-22T10:59:59Z'}
    const {run, notices, sent} = rig([[asked(1, '!bot ping', old), asked(2, 'hello', old), READY]])
    await run.run()
    expect(notices).toEqual(['1 message older than 3600 s left unanswered (--max-age)', 'ready'])
    expect(sent).toEqual([])
  })

  test('the outcomes without a message', async () => {
    const results = ['silent', 'capped', 'text'] as const
    const responder = {
      reply: async ({message}: {message: {id: number}}) => {
        const type = results[message.id - 1] ?? 'silent'
        return type === 'text' ? {type, text: 'x'} : ({type} as const)
      },
    }
    const {run, records, cursor} = rig([[checkpoint(0), asked(1), asked(2), asked(3)]], {
      responder,
      sender: {send: async () => undefined},
    })
    await run.run()
    expect(records.map(({result}) => result)).toEqual(['silent', 'capped', 'failed'])
    expect(cursor.start(ROOM)).toEqual({afterId: 3, delivered: []})
  })

  test('after a signal what waits, and what could not be finished, is left for the next run', async () => {
    const {run, abort, records, cursor, sent} = rig(
      [[checkpoint(0), asked(1), asked(2), asked(3)], [asked(4)]],
      {
        sender: {
          send: async ({id}) => {
            if (id === 2) {
              abort.abort()
              throw new VezaError('interrupted', 'interrupted')
            }
            return {outcome: 'duplicate', clientId: 'x', messageId: 1000 + id}
          },
        },
      },
    )
    await run.run()
    expect(records.map(({message_id, result}) => [message_id, result])).toEqual([[1, 'repeated']])
    expect(sent).toEqual([])
    expect(cursor.start(ROOM)).toEqual({afterId: 1, delivered: []})
  })

  test('a program that had to be stopped is run again the next time', async () => {
    const {run, cursor, records} = rig([[checkpoint(0), asked(1)]], {
      responder: {reply: async () => ({type: 'stopped'})},
    })
    await run.run()
    expect(records).toEqual([])
    expect(cursor.start(ROOM)).toEqual({afterId: 0, delivered: []})
  })

  test('what no answer can be sent without ends it, and is told at once', async () => {
    const over = new VezaError('signed_out', 'over')
    const {run, failures, cursor} = rig([[checkpoint(0), asked(1), asked(2)]], {
      sender: {send: () => Promise.reject(over)},
    })
    await expect(run.run()).rejects.toBe(over)
    expect(failures).toEqual([over])
    expect(cursor.start(ROOM)).toEqual({afterId: 0, delivered: []})
  })
})
