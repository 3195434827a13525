import {describe, expect, test} from 'vitest'
import {requireChange} from '../../../src/lib/cli/require-change.js'
import {unseen} from '../../../src/lib/cli/show-page.js'

describe('an update', () => {
  test.each([{name: 'x'}, {name: ''}, {name: undefined, email: 'x'}])('%j changes something', values => {
    expect(() => requireChange(values)).not.toThrow()
  })

  test('needs a change', () => {
    expect(() => requireChange({name: undefined, 'status-message': undefined})).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'nothing to change',
        hint: 'give --name or --status-message',
      }),
    )
  })
})

describe('a list without further pages', () => {
  const items = ['a', 'b']
  test.each([
    [
      'is a part by the total alone',
      {items, has_more: false, total: 5},
      50,
      undefined,
      '2 of 5 users shown: use --limit',
    ],
    ['is whole', {items, has_more: false, total: 2}, 2, 'x', undefined],
    [
      'is a part',
      {items, has_more: true, total: 5},
      2,
      '--role',
      '2 of 5 users shown: use --limit or --role',
    ],
    [
      'of 100 has no larger limit',
      {items, has_more: true, total: 500},
      100,
      'x',
      '2 of 500 users shown: use x',
    ],
    [
      'of 100 may be all there is',
      {items, has_more: true, total: 500},
      100,
      undefined,
      '2 of 500 users shown: the server gives no more',
    ],
    ['is not counted', {items, has_more: true}, 2, undefined, '2 users shown, perhaps not all: use --limit'],
    [
      'has a total of what is shown',
      {items: ['a'], has_more: true, total: 1},
      1,
      undefined,
      '1 user shown, perhaps not all: use --limit',
    ],
  ])('%s', (_name, page, limit, narrow, notice) => {
    expect(unseen(page, {limit, noun: 'user', narrow})).toBe(notice)
  })
})
