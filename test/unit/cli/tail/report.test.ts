import {expect, test} from 'vitest'
import {reportFeedEvent} from '../../../../src/lib/cli/tail/report.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {Printer} from '../../../../src/lib/output/printer.js'
import type {FeedEvent} from '../../../../src/lib/realtime/feed/feed-types.js'
import {ROOM} from './kit.js'

test('says which channel is followed no longer, and why', () => {
  const warnings: string[] = []
  const out = {warn: (text: string) => warnings.push(text)} as unknown as Printer
  const followed = {channels: [ROOM], label: '', isOne: false, nameOf: () => 'doomed'}
  const error = new VezaError('not_found', 'There is no such room (HTTP 404)')
  reportFeedEvent({type: 'unfollowed', channel: ROOM, error}, followed, out)
  expect(warnings).toEqual(['no longer following #doomed: There is no such room (HTTP 404)'])
})

test('says in fields what the text says in words', () => {
  const told: unknown[] = []
  const note = (_text: string, fields: unknown): void => void told.push(fields)
  const out = {notice: note, ready: note, warn: note} as unknown as Printer
  const followed = {channels: [ROOM], label: '', isOne: true, nameOf: () => undefined}
  const error = new VezaError('unreachable', 'the connection broke')
  const events: FeedEvent[] = [
    {type: 'ready', channels: [{channel: ROOM, lastId: 7}]},
    {type: 'disconnected', error, closeCode: 1006},
    {type: 'reconnecting', attempt: 2, delayMs: 1234.5, error},
    {type: 'reconnected', downMs: 99.6},
    {type: 'gap_filled', channel: ROOM, from: 8, to: 9, count: 2},
    {type: 'lagged', count: 1, total: 3},
    {type: 'warning', message: 'x'},
  ]
  for (const event of events) reportFeedEvent(event, followed, out)
  expect(told).toEqual([
    {event: 'ready', rooms: [{room_id: 15, last_id: 7}]},
    {event: 'disconnected', reason: 'unreachable', close_code: 1006},
    {event: 'reconnecting', attempt: 2, delay_ms: 1235, reason: 'unreachable', close_code: undefined},
    {event: 'reconnected', down_ms: 100},
    {event: 'gap_filled', room_id: 15, from: 8, to: 9, count: 2},
    {event: 'lagged', count: 1, total: 3},
    undefined,
  ])
})
