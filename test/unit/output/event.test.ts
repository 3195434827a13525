import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {type EventRecord, eventView} from '../../../src/lib/output/views/event.js'
import {pipe, terminal} from './capture.js'
import {FORBIDDEN, hostileText} from './hostile.js'

const at = new Date(2026, 10, 22, 9, 7, 3).toISOString()
const shown = (event: string, data: EventRecord['data'], context = terminal) =>
  eventView.line!({event, at, data}, context)

const thumb = {message_id: 123, emoji: '👍', user_id: 7, username: 'alice'}

describe('an event', () => {
  it.each<[string, EventRecord['data'], string]>([
    ['reaction_added', thumb, 'alice reacted 👍 to #123'],
    ['reaction_removed', {...thumb, username: undefined}, 'user 7 took 👍 back from #123'],
    ['user_presence', {username: 'bob', status: 'away', message: 'lunch'}, 'bob is away: lunch'],
    ['user_presence', {user_id: 7, status: 'online', message: ''}, 'user 7 is online'],
    ['user_presence', {status: 'offline', message: null}, 'somebody is offline'],
    ['message_edited', {id: 5}, 'message_edited {"id":5}'],
  ])('%s with %j', (event, data, text) => {
    expect(shown(event, data)).toBe(`09:07:03 * ${text}`)
    expect(shown(event, data, pipe)).toBe(`${at}\t*\t${text}`)
  })

  it.each([
    ['reaction_added', {emoji: 5}],
    ['reaction_removed', {emoji: 'x', message_id: 'y'}],
    ['user_presence', {status: 5}],
    ['constructor', {}],
    ['__proto__', {}],
  ])('%s with data of another kind is shown as it is: %j', (event, data) => {
    expect(shown(event, data)).toBe(`09:07:03 * ${event} ${JSON.stringify(data)}`)
  })

  it('is cut where it is long', () => {
    const line = shown('huge', {text: '👍'.repeat(1000)})
    expect(line.length).toBeLessThanOrEqual(180)
    expect(line).toMatch(/👍…$/)
  })

  it('has columns for a list', () => {
    expect(eventView.columns.map(column => column.value({event: 'x', at, data: {}}, pipe))).toEqual([
      at,
      'x {}',
    ])
  })

  it('cannot bring a terminal anything to act on', () => {
    const record = fc.record({
      event: fc.oneof(hostileText, fc.constantFrom('reaction_added', 'user_presence')),
      at: hostileText,
      data: fc.record({username: hostileText, emoji: hostileText, status: hostileText, message_id: fc.nat()}),
    })
    fc.assert(
      fc.property(record, fc.constantFrom(pipe, terminal), (event, context) => {
        const line = eventView.line!(event, context)
        expect(line).not.toMatch(FORBIDDEN)
        expect(line).not.toContain('\n')
      }),
    )
  })
})
