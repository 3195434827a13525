import {array, assert, constantFrom, oneof, property, string, tuple} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {type EntryFields, outgoingOf} from '../../../src/lib/relay/outgoing.js'

const OWN = {roomId: undefined, textOf: undefined}

function of(fields: Readonly<Record<string, string>>, rules: Parameters<typeof outgoingOf>[1] = OWN) {
  return outgoingOf(Object.entries(fields), rules)
}

describe('where an entry goes', () => {
  test.each([
    [{room_id: '7'}, {id: 7}],
    [{room: '7'}, {id: 7}],
    [{room: 'general'}, {name: 'general'}],
    [{room: '#7'}, {name: '7'}],
    [{room_id: '', room: 'general'}, {name: 'general'}],
    [{room_id: 'null', room: 'general'}, {name: 'general'}],
    [{room_id: '7', room: 'general'}, {id: 7}],
  ])('%j', (fields, room) => {
    expect(of({content: 'text', ...fields})).toEqual({room, content: 'text', parentId: undefined})
  })

  test.each([
    [{}, 'there is no room'],
    [{room: 'null'}, 'there is no room'],
    [{room: '0'}, 'the room is no id of a room'],
    [{room: '-3'}, 'the room is no id of a room'],
    [{room_id: '9'.repeat(20)}, 'the room is no id of a room'],
    [{room: '#'}, 'the room is no name of a room'],
    [{room: ' '}, 'the room is no name of a room'],
    [{room: 'x'.repeat(101)}, 'the room is no name of a room'],
  ])('%j: nowhere', (fields, poison) => {
    expect(of({content: 'text', ...fields})).toEqual({poison})
  })

  test('to the one room there is for all, whatever the entry says; its parent is elsewhere then', () => {
    const fields = {content: 'text', room_id: 'x', parent_id: '3'}
    expect(of(fields, {...OWN, roomId: 9})).toEqual({room: {id: 9}, content: 'text', parentId: undefined})
  })
})

describe('what it replies to', () => {
  test.each([
    [{reply_to: '3'}, 3],
    [{parent_id: '4'}, 4],
    [{reply_to: '3', parent_id: '4'}, 3],
    [{parent_id: 'null'}, undefined],
    [{parent_id: ''}, undefined],
  ])('%j', (fields, parentId) => {
    expect(of({content: 'text', room: '1', ...fields})).toMatchObject({parentId})
  })

  test.each(['x', '0', '1.5', '1e3', '9'.repeat(20)])('%s is no message', parent_id => {
    expect(of({content: 'text', room: '1', parent_id})).toEqual({poison: 'the parent is no id of a message'})
  })
})

describe('what it says', () => {
  test('the text as it is', () => {
    const content = ' \ttwo\r\nlines \u0000\u001b[31m "x" \u202e '
    expect(of({content, room: '1'})).toMatchObject({content})
    expect(of({content: 'null', room: '1'})).toMatchObject({content: 'null'})
  })

  test.each<Record<string, string>>([{}, {content: ''}, {content: ' \n\t'}, {text: 'x'}])(
    '%j: nothing',
    fields => {
      expect(of({...fields, room: '1'})).toEqual({poison: 'there is no text'})
    },
  )

  test('more than any server takes is not even tried', () => {
    const most = 'x'.repeat(1024 * 1024)
    expect(of({content: most, room: '1'})).toMatchObject({content: most})
    expect(of({content: `${most}x`, room: '1'})).toEqual({poison: 'the text is longer than 1 MiB'})
  })

  test('what is made of all its fields; nothing where that is blank', () => {
    const textOf = (values: Readonly<Record<string, string>>) => `${values.a ?? ''}${values.b ?? ''}`
    expect(of({a: 'x', b: 'y', room: '1'}, {...OWN, textOf})).toMatchObject({content: 'xy'})
    expect(of({content: 'unused', room: '1'}, {...OWN, textOf})).toEqual({poison: 'there is no text'})
  })

  test('of two fields with one name the last one counts; names of objects are names as any other', () => {
    const fields: EntryFields = [
      ['content', 'first'],
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['room', '1'],
      ['content', 'last'],
    ]
    expect(outgoingOf(fields, OWN)).toMatchObject({content: 'last'})
    expect(outgoingOf([['room', '1']], OWN)).toEqual({poison: 'there is no text'})
  })
})

test('whatever an entry holds, it is a message that can be sent or has a reason that repeats nothing of it', () => {
  const name = oneof(constantFrom('content', 'room', 'room_id', 'reply_to', 'parent_id'), string())
  const value = oneof(
    string({unit: 'binary'}),
    constantFrom('1', '-1', 'null', '#x', '9007199254740993', '١'),
  )
  assert(
    property(array(tuple(name, value), {maxLength: 8}), fields => {
      const made = outgoingOf(fields, OWN)
      if ('poison' in made) {
        expect(made.poison).toMatch(/^[a-zA-Z0-9 ]+$/)
        return
      }
      expect(made.content.trim()).not.toBe('')
      if ('id' in made.room) expect(Number.isSafeInteger(made.room.id) && made.room.id > 0).toBe(true)
      else expect(made.room.name.trim()).not.toBe('')
      const {parentId = 1} = made
      expect(Number.isSafeInteger(parentId) && parentId > 0).toBe(true)
    }),
    {numRuns: 500},
  )
})
