import {describe, expect, it} from 'vitest'
import {Cursor} from '../../../../src/lib/realtime/cursor/cursor.js'

const OWNER = {server: 'https://chat.example.org', userId: 7, username: 'ann'}
const ROOM = {kind: 'room', id: 15} as const
const DM = {kind: 'dm', id: 15} as const

function reopened(cursor: Cursor, owner: Parameters<typeof Cursor.parse>[2] = OWNER): Cursor {
  return Cursor.parse(cursor.render(), 'ci.cursor', owner)
}

/** Ids that are taken and done, one after the other. */
function pass(cursor: Cursor, ...ids: number[]): void {
  for (const id of ids) {
    cursor.taken(ROOM, id)
    cursor.done(ROOM, id)
  }
}

describe('a cursor', () => {
  it('knows nothing of a channel at first', () => {
    expect(new Cursor(OWNER).start(ROOM)).toBeUndefined()
    expect(reopened(new Cursor(OWNER)).start(ROOM)).toBeUndefined()
  })

  it('goes on where the channel was live, before there was any message', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 500, delivered: []})
  })

  it('goes on in the middle of --last, whose end it did not see', () => {
    const cursor = new Cursor(OWNER)
    for (const id of [91, 93, 96]) cursor.taken(ROOM, id)
    cursor.done(ROOM, 91)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 91, delivered: []})
    cursor.done(ROOM, 96)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 91, delivered: [96]})
  })

  it('keeps rooms and conversations of one id apart', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    cursor.checkpoint(DM, 3)
    const later = reopened(cursor)
    expect([later.start(ROOM)?.afterId, later.start(DM)?.afterId]).toEqual([500, 3])
  })

  it('keeps what a run of other rooms has left', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(DM, 3)
    const later = reopened(cursor)
    later.checkpoint(ROOM, 500)
    expect(reopened(later).start(DM)?.afterId).toBe(3)
  })

  it('takes ids in a row for a later start', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    pass(cursor, 501, 502, 503, 510)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 503, delivered: [510]})
  })

  it('wants a straggler from before its start again until it is done, and it alone', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    cursor.taken(ROOM, 497)
    cursor.taken(ROOM, 499)
    cursor.done(ROOM, 499)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 496, delivered: [498, 499, 500]})
    cursor.done(ROOM, 497)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 500, delivered: []})
  })
})

describe('a checkpoint', () => {
  it('counts at once where all that was taken is done', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    pass(cursor, 505, 520)
    cursor.checkpoint(ROOM, 510)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 510, delivered: [520]})
  })

  it('waits for what was taken before it, in whatever order that is done', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    for (const id of [502, 504, 506]) cursor.taken(ROOM, id)
    cursor.checkpoint(ROOM, 510)
    cursor.taken(ROOM, 511)
    cursor.done(ROOM, 511)
    cursor.done(ROOM, 506)
    cursor.done(ROOM, 502)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 500, delivered: [502, 506, 511]})
    cursor.done(ROOM, 504)
    expect(reopened(cursor).start(ROOM)).toEqual({afterId: 511, delivered: []})
  })

  it('waits for nothing of other channels', () => {
    const cursor = new Cursor(OWNER)
    cursor.taken(DM, 505)
    cursor.checkpoint(ROOM, 510)
    expect(cursor.start(ROOM)?.afterId).toBe(510)
  })

  it('does not go back', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    cursor.checkpoint(ROOM, 400)
    expect(cursor.start(ROOM)?.afterId).toBe(500)
  })

  it('keeps the text short, however much there was before it', () => {
    const cursor = new Cursor(OWNER)
    for (let id = 2; id < 20_000; id += 2) pass(cursor, id)
    const before = cursor.render().length
    cursor.checkpoint(ROOM, 20_000)
    expect(before).toBeGreaterThan(9_000)
    expect(cursor.render().length).toBeLessThan(300)
  })
})

describe('the text of a cursor', () => {
  it('is JSON of version 1, which later versions must read', () => {
    const cursor = new Cursor(OWNER)
    cursor.checkpoint(ROOM, 500)
    pass(cursor, 502, 503, 600)
    cursor.checkpoint(DM, 3)
    expect(cursor.render()).toMatchInlineSnapshot(`
      "{
        "version": 1,
        "server": "https://chat.example.org",
        "user": {
          "id": 7,
          "name": "ann"
        },
        "channels": {
          "room:15": {
            "after": 500,
            "done": "2P*CgD"
          },
          "dm:15": {
            "after": 3,
            "done": ""
          }
        }
      }
      "
    `)
  })

  it.each(['', ' \n', '\t'])('may be empty, as a file made by touch is: %j', text => {
    expect(Cursor.parse(text, 'ci.cursor', OWNER).start(ROOM)).toBeUndefined()
  })

  const good = {
    version: 1,
    server: OWNER.server,
    user: {id: 7, name: 'ann'},
    channels: {'room:15': {after: 500, done: 'B'}},
  }

  it.each([
    ['cut off', JSON.stringify(good).slice(0, -3)],
    ['zeroes', '\0'.repeat(64)],
    ['no object', '[1]'],
    ['no JSON of ours', '{"name": "some-package", "version": "1.0.0"}'],
    ['without a version', JSON.stringify({...good, version: undefined})],
    ['of version 0', JSON.stringify({...good, version: 0})],
    ['without a server', JSON.stringify({...good, server: undefined})],
    ['without a user', JSON.stringify({...good, user: undefined})],
    ['without channels', JSON.stringify({...good, channels: undefined})],
    ['of a strange channel', JSON.stringify({...good, channels: {'pub:1': {after: 5, done: ''}}})],
    ['without a place', JSON.stringify({...good, channels: {'room:1': {done: ''}}})],
    ['with a place that is none', JSON.stringify({...good, channels: {'room:1': {after: -1, done: ''}}})],
    [
      'with a place out of reach',
      JSON.stringify({...good, channels: {'room:1': {after: 2 ** 53, done: ''}}}),
    ],
    ['with no list', JSON.stringify({...good, channels: {'room:1': {after: 5, done: [6]}}})],
    ['with a damaged list', JSON.stringify({...good, channels: {'room:1': {after: 5, done: 'B*'}}})],
  ])('is refused when it is %s, and never taken for a new one', (_, text) => {
    expect(() => Cursor.parse(text, 'ci.cursor', OWNER)).toThrow(
      expect.objectContaining({
        code: 'config',
        message: 'ci.cursor is no cursor of veza, or a damaged one',
        hint: expect.stringContaining('--since'),
      }),
    )
  })

  it('is refused when a newer veza wrote it', () => {
    const text = JSON.stringify({version: 2, whatever: true})
    expect(() => Cursor.parse(text, 'ci.cursor', OWNER)).toThrow(
      expect.objectContaining({code: 'config', message: 'ci.cursor was written by a newer veza'}),
    )
  })

  it('may hold a list of astronomical length without harm', () => {
    const channels = {'room:15': {after: 0, done: 'C*_______H'}}
    const cursor = Cursor.parse(JSON.stringify({...good, channels}), 'ci.cursor', OWNER)
    expect(cursor.start(ROOM)?.delivered).toHaveLength(2_000_000)
  })

  it('may say a second time what its start says already', () => {
    const channels = {'room:15': {after: 3, done: 'B*E'}}
    const cursor = Cursor.parse(JSON.stringify({...good, channels}), 'ci.cursor', OWNER)
    expect(cursor.start(ROOM)).toEqual({afterId: 4, delivered: []})
  })
})

describe('a cursor of somebody else', () => {
  const {server} = OWNER
  const begun = new Cursor(OWNER)
  begun.checkpoint(ROOM, 500)

  it('is refused at another server', () => {
    expect(() => reopened(begun, {...OWNER, server: 'http://localhost:8080'})).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'ci.cursor belongs to another server: https://chat.example.org',
        hint: 'take another cursor for http://localhost:8080, or go on there with --server',
      }),
    )
  })

  it.each([
    ['another id', OWNER, {server, userId: 8, username: 'ann'}, 'ann'],
    ['another name', OWNER, {server, username: 'bob'}, 'ann'],
    ['an id, where no name was known', {server, userId: 7}, {server, userId: 8}, 'the user with the id 7'],
  ])('is refused with %s', (_, first, second, name) => {
    expect(() => reopened(new Cursor(first), second)).toThrow(
      expect.objectContaining({code: 'usage', message: `ci.cursor belongs to another account: ${name}`}),
    )
  })

  it.each([
    ['the same id after a change of name', {server, userId: 7, username: 'anna'}],
    ['the same name', {server, username: 'Ann'}],
    ['a session that tells nothing', {server}],
  ])('is none with %s', (_, owner) => {
    expect(reopened(begun, owner).start(ROOM)?.afterId).toBe(500)
  })

  it('is known by what any of its runs has known', () => {
    const later = reopened(reopened(begun, {server}), {server, userId: 7})
    expect(() => reopened(later, {server, username: 'bob'})).toThrow(/another account: ann/)
    const learnt = reopened(reopened(new Cursor({server}), OWNER), {server})
    expect(() => reopened(learnt, {server, userId: 8})).toThrow(/another account: ann/)
  })
})
