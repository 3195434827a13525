import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {
  createFilter,
  type FilterOptions,
  parsePattern,
  sentAfter,
} from '../../../../src/lib/cli/tail/filters.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const ALICE = {id: 2, username: 'alice'}
const BOB = {id: 3, username: 'bob'}

function message(fields: Partial<Message> = {}): Message {
  return {id: 1, author_id: 3, username: 'bob', content: 'hello', ...fields}
}

function passes(options: FilterOptions, fields: Partial<Message> = {}): boolean {
  const filter = createFilter(options)
  if (filter === undefined) throw new Error('no filter')
  return filter(message(fields))
}

describe('createFilter', () => {
  test('nothing asked is no filter at all', () => {
    expect(createFilter({})).toBeUndefined()
    expect(createFilter({from: undefined, pattern: undefined})).toBeUndefined()
  })

  test.each([
    ['the id', [{id: 3}], {}, true],
    ['another id', [{id: 4}], {}, false],
    ['one of several', [ALICE, BOB], {}, true],
    ['none of several', [ALICE, {username: 'carol'}], {}, false],
    ['the id, whatever the name is by now', [{id: 3, username: 'robert'}], {}, true],
    ['the name where the message has no id', [BOB], {author_id: undefined}, true],
    ['the name where only that is known', [{username: 'bob'}], {}, true],
    ['nobody', [], {}, false],
    ['an id where the message has a name only', [{id: 3}], {author_id: undefined}, false],
  ])('from: %s', (_what, from, fields, expected) => {
    expect(passes({from}, fields)).toBe(expected)
  })

  test('not from: his are left out, those of unknown authors are not', () => {
    expect(passes({notFrom: BOB})).toBe(false)
    expect(passes({notFrom: ALICE})).toBe(true)
    expect(passes({notFrom: BOB}, {author_id: undefined, username: undefined})).toBe(true)
  })

  test.each([
    ['a name in the field', {mentions: ['carol', 'bob']}, true],
    ['an id in the field', {mentions: [3]}, true],
    ['a user in the field', {mentions: [{user_id: 3}]}, true],
    ['a user by name in the field', {mentions: [{username: 'bob'}]}, true],
    ['others in the field', {mentions: ['carol', 4, {id: 5}, null]}, false],
    ['a field that is no list', {mentions: 'bob'}, false],
    ['@bob in the content', {content: 'well, @bob: look'}, true],
    ['@Bob', {content: '@Bob!'}, true],
    ['a longer name', {content: '@bobby @bob-2 @bob_'}, false],
    ['an address', {content: 'write to rob@bob.example'}, false],
    ['the name alone', {content: 'bob'}, false],
  ])('mentioned: %s', (_what, fields, expected) => {
    expect(passes({mentioned: BOB}, fields)).toBe(expected)
  })

  test('a name is taken as it is, not as an expression', () => {
    expect(passes({mentioned: {id: 9, username: 'a.c'}}, {content: '@abc'})).toBe(false)
    expect(passes({mentioned: {id: 9, username: 'a.c'}}, {content: '@a.c'})).toBe(true)
  })

  test('reply to: a direct answer only', () => {
    expect(passes({replyTo: 7}, {parent_id: 7})).toBe(true)
    expect(passes({replyTo: 7}, {parent_id: 8})).toBe(false)
    expect(passes({replyTo: 7}, {parent_id: null})).toBe(false)
    expect(passes({replyTo: 7})).toBe(false)
  })

  test('all that is asked must hold, in whatever order', () => {
    const parts = fc.record({by: fc.boolean(), text: fc.boolean(), reply: fc.boolean()})
    fc.assert(
      fc.property(parts, ({by, text, reply}) => {
        const fields = {author_id: by ? 3 : 4, content: text ? 'yes' : 'no', parent_id: reply ? 7 : null}
        const options = {from: [{id: 3}], pattern: /^yes$/u, replyTo: 7}
        expect(passes(options, fields)).toBe(by && text && reply)
      }),
    )
  })

  test('the same message is judged the same each time', () => {
    const filter = createFilter({pattern: parsePattern('l', '--grep')})
    expect([1, 2, 3].map(() => filter?.(message()))).toEqual([true, true, true])
  })
})

test('sentAfter: what was sent at that moment is not, a moment later is, without a time is not', () => {
  const isAfter = sentAfter(Date.parse('2026-11-22T10:00:00Z'))
  expect(isAfter(message({created_at: '2026-11-22T10:00:00Z'}))).toBe(false)
  expect(isAfter(message({created_at: '2026-11-22T11:00:00.001+01:00'}))).toBe(true)
  expect(isAfter(message())).toBe(false)
  expect(isAfter(message({created_at: 'yesterday'}))).toBe(false)
})

describe('parsePattern', () => {
  test('it is found anywhere, and by case unless told otherwise', () => {
    expect(parsePattern('err|fail', '--grep').test('it failed')).toBe(true)
    expect(parsePattern('FAIL', '--grep').test('it failed')).toBe(false)
    expect(parsePattern('FAIL', '--grep', true).test('it failed')).toBe(true)
  })

  test('a dot is one whole character', () => {
    expect(parsePattern('^.$', '--grep').test('👍')).toBe(true)
  })

  test.each(['(', '[a', 'a{2', '*', '\\', '(?<n', '(?<=', 'x(s3cr3t: (y'])(
    '%s is refused with the reason',
    source => {
      const error = failureOf(() => parsePattern(source, '--grep'))
      expect(error).toMatchObject({code: 'usage', exitCode: 2})
      expect(error.message).toMatch(/^--grep is no regular expression: [A-Z\\][\w\s()'/\\]+$/)
      expect(error.message).not.toContain('s3cr3t')
      expect(error.hint).toMatch(/^JavaScript's syntax/)
    },
  )
})

function failureOf(action: () => unknown): VezaError {
  try {
    action()
  } catch (error) {
    if (error instanceof VezaError) return error
  }
  throw new Error('no failure')
}
