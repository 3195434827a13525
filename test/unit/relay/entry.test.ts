import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Message} from '../../../src/contract/resources.js'
import {addEntry} from '../../../src/lib/relay/entry.js'

function entryOf(message: Message, late = false): Map<string, string> {
  const words = ['before']
  const count = addEntry(words, message, late)
  expect(words).toHaveLength(1 + count)
  const fields = new Map<string, string>()
  for (let at = 1; at < words.length; at += 2) fields.set(words[at]!, words[at + 1]!)
  expect(fields.size).toBe(count / 2)
  return fields
}

test('strings as they are, anything else as JSON, nothing for what is absent or null', () => {
  const message = {
    id: 7,
    room_id: 15,
    author_id: 3,
    username: 'bob',
    content: 'a "b"\n\u0000',
    parent_id: null,
    uuid: undefined,
    is_pinned: false,
    reactions: [{emoji: '👍', count: 1, users: []}],
    metadata: {client_id: 'x'},
    created_at: '2026-11-22T10:00:00Z',
  } as unknown as Message
  expect(Object.fromEntries(entryOf(message))).toEqual({
    id: '7',
    room_id: '15',
    author_id: '3',
    username: 'bob',
    content: 'a "b"\n\u0000',
    is_pinned: 'false',
    reactions: '[{"emoji":"👍","count":1,"users":[]}]',
    metadata: '{"client_id":"x"}',
    created_at: '2026-11-22T10:00:00Z',
  })
})

test('late is ours alone', () => {
  const message = {id: 7, content: '', late: 'of the server'}
  expect([...entryOf(message)]).toEqual([
    ['id', '7'],
    ['content', ''],
  ])
  expect(entryOf(message, true).get('late')).toBe('1')
})

test('each message can be told from its entry', () => {
  const value = fc.jsonValue({maxDepth: 2}).filter(json => json !== null)
  const unknown = fc.dictionary(
    fc.string({minLength: 1}).filter(name => !['late', 'id', 'content', '__proto__'].includes(name)),
    value,
  )
  fc.assert(
    fc.property(fc.nat(), fc.string(), unknown, fc.boolean(), (id, content, others, late) => {
      const message: Message = {...others, id, content}
      const fields = entryOf(message, late)
      expect(fields.has('late')).toBe(late)
      const names = [...fields.keys()].filter(name => name !== 'late')
      const back = names.map(name => {
        const text = fields.get(name)!
        return [name, typeof message[name] === 'string' ? text : JSON.parse(text)]
      })
      expect(JSON.stringify(Object.fromEntries(back))).toBe(JSON.stringify(message))
    }),
  )
})

test('more fields than one call can take are kept as one', () => {
  const many = Object.fromEntries(Array.from({length: 9_000}, (_, at) => [`field_${at}`, at]))
  const fields = entryOf({id: 1, content: 'x', ...many}, true)
  expect(fields.size).toBeLessThan(1_000)
  const rest = JSON.parse(fields.get('more_fields')!) as Record<string, number>
  expect(Object.keys(rest)).toHaveLength(9_002 - (fields.size - 2))
  expect(rest.field_8999).toBe(8_999)
  expect(fields.get('late')).toBe('1')
})
