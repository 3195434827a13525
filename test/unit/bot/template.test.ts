import {array, assert, property, string} from 'fast-check'
import {describe, expect, test} from 'vitest'
import {fill, fillWords, isAllArguments, unknownField} from '../../../src/lib/bot/template.js'

const VALUES = {args: 'a "b c"', user: 'alice', user_id: '2', room: 'general', message_id: '7'}
const ARGS = ['a', 'b c']

describe('fill', () => {
  test.each([
    ['hello {{user}} ({{ user_id }}) in {{room}}, {{message_id}}', 'hello alice (2) in general, 7'],
    ['{{args}}|{{1}}|{{2}}|{{3}}', 'a "b c"|a|b c|'],
    ['no names { } {{', 'no names { } {{'],
  ])('%j', (template, text) => {
    expect(fill(template, VALUES, ARGS)).toBe(text)
  })

  test('what is filled in is not looked at again', () => {
    expect(fill('{{args}}', {...VALUES, args: '{{user}} $& $1'}, [])).toBe('{{user}} $& $1')
  })
})

describe('fillWords', () => {
  test('each word stays one, {{*}} becomes as many as were given', () => {
    expect(fillWords(['x', '{{1}} {{2}}', '{{*}}', '{{3}}'], VALUES, ARGS)).toEqual([
      'x',
      'a b c',
      'a',
      'b c',
      '',
    ])
    expect(fillWords(['x', '{{ * }}'], VALUES, [])).toEqual(['x'])
  })

  test('whatever is given, it stays in its place', () => {
    assert(
      property(array(string(), {maxLength: 5}), args => {
        const words = fillWords(['program', '{{*}}', '--', '{{1}}'], VALUES, args)
        expect(words).toHaveLength(args.length + 3)
        expect(words.slice(1, -2)).toEqual(args.map(word => word.replaceAll('\0', '')))
      }),
    )
  })
})

test('names that there are not', () => {
  expect(unknownField('{{user}} {{1}} {{99}}')).toBeUndefined()
  expect(unknownField('{{usr}}')).toBe('usr')
  expect(unknownField('{{0}}')).toBe('0')
  expect(unknownField('{{}}')).toBe('')
  expect(unknownField('x {{*}}')).toBe('*')
  expect(isAllArguments('{{*}}')).toBe(true)
  expect(isAllArguments('x{{*}}')).toBe(false)
})
