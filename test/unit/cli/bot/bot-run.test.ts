import {describe, expect, test} from 'vitest'
import {BotCounters} from '../../../../src/lib/cli/bot/bot-counters.js'
import {BotRun, type BotRunOptions} from '../../../../src/lib/cli/bot/bot-run.js'
import {LostLease} from '../../../../src/lib/cli/bot/shared/lost-lease.js'
import type {OpenCursor} from '../../../../src/lib/cli/cursor-flags.js'
import {CursorMarks} from '../../../../src/lib/cli/tail/cursor-marks.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {noMetrics} from '../../../../src/lib/metrics/metrics.js'
import type {BotRecord} from '../../../../src/lib/output/views/bot-record.js'
import type {Channel} from '../../../../src/lib/realtime/channel.js'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'
import type {Feed, FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'

const NOW_MS = Date.parse('2026-11-22T12:00:00Z')
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
  const marks = new CursorMarks({cursor, changed: () => undefined} as unknown as OpenCursor)
  const records: BotRecord[] = []
  const notices: string[] = []
  const sent: number[] = []
  const failures: unknown[] = []
  const left = [...batches]
  const counters = new BotCounters(noMetrics)
  const abort = new AbortController()
  const run = new BotRun({
    feed: {nextBatch: async () => left.shift(), close: async () => void left.splice(0)} as unknown as Feed,
    marks: {
      isOurs: () => true,
      taken: item => marks.taken(item),
      done: items => marks.done(items),
      checkpoint: item => marks.checkpoint(item),
    },
    rules: () => ({
      botId: 4,
      prefix: '!bot',
      commands: new Map(),
    }),
    maxAgeMs: 3_600_000,
    now: () => NOW_MS,
    responder: {reply: async () => ({type: 'text', text: 'ok'})},
    sender: {
      send: async ({id}) => {
        sent.push(id)
        return {answerId: 1000 + id, isRepeat: false}
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

  test('knows a reply to one of its own', async () => {
    const replies: boolean[] = []
    const responder: BotRunOptions['responder'] = {
      reply: async ({isReply}) => {
        replies.push(isReply)
        return {type: 'silent'}
      },
    }
    const own = asked(2, 'pong', {author_id: 4, parent_id: 1})
    const {run} = rig(
      [[asked(1), own, asked(3, '!bot ping', {parent_id: 2}), asked(4, '!bot ping', {parent_id: 1})]],
      {
        responder,
      },
    )
    await run.run()
    expect(replies).toEqual([false, true, false])
  })

  test('what is too old is told of once it is ready', async () => {
    const old = {created_at: '2026-11-22T10:59:59Z'}
    const {run, notices, sent} = rig([[asked(1, '!bot ping', old), asked(2, 'hello', old), READY]])
    await run.run()
    expect(notices).toEqual(['1 message older than 3600 s left unanswered (--max-age)', 'ready'])
    expect(sent).toEqual([])
  })

  test('what is too old counts from when a channel began here: a room of later has a history, an outage is none', async () => {
    let nowMs = NOW_MS
    const hour = (hours: number) => ({created_at: new Date(NOW_MS + hours * 3_600_000).toISOString()})
    const inLater = (item: FeedItem): FeedItem => ({...item, channel: {kind: 'room', id: 2}}) as FeedItem
    const batches = [
      [checkpoint(0), asked(1)],
      [asked(2, '!bot ping', hour(3))],
      [
        inLater(checkpoint(0)),
        inLater(asked(3, '!bot ping', hour(3.9))),
        inLater(asked(4, '!bot ping', hour(4.1))),
      ],
    ]
    const {run, sent} = rig([], {
      now: () => nowMs,
      feed: {
        nextBatch: async () => {
          nowMs = NOW_MS + (batches.length === 3 ? 0 : 5 * 3_600_000)
          return batches.shift()
        },
      } as unknown as Feed,
    })
    await run.run()
    expect(sent.sort()).toEqual([1, 2, 4])
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
            return {answerId: 1000 + id, isRepeat: true}
          },
        },
      },
    )
    await run.run()
    expect(records.map(({message_id, result}) => [message_id, result])).toEqual([[1, 'repeated']])
    expect(sent).toEqual([])
    expect(cursor.start(ROOM)).toEqual({afterId: 1, delivered: []})
  })

  test("what is another bot's by now is neither recorded nor a failure, and what is not ours is not looked at", async () => {
    const done: number[] = []
    const marks = {
      isOurs: (channel: Channel) => channel.id === 1,
      taken: () => undefined,
      done: (items: readonly {message: {id: number}}[]) =>
        void done.push(...items.map(({message}) => message.id)),
      checkpoint: () => undefined,
    }
    const elsewhere = {...asked(3), channel: {kind: 'room', id: 2}} as FeedItem
    const {run, records, failures} = rig([[asked(1), asked(2), elsewhere]], {
      marks,
      sender: {
        send: async ({id}) => {
          if (id === 1) throw new LostLease()
          return {answerId: 9, isRepeat: false}
        },
      },
    })
    await run.run()
    expect(records.map(({message_id}) => message_id)).toEqual([2])
    expect([done, failures]).toEqual([[2], []])
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
