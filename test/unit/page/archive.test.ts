import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {readArchive} from '../../../src/page/archive.js'
import type {MessageRow, Row} from '../../../src/page/rows.js'
import {indexAt, matcherOf, Search} from '../../../src/page/search.js'

const row = (
  id: number,
  parentId: number | null = null,
  content = `text ${id}`,
  kind: 'm' | 'r' = 'm',
): MessageRow => [kind, id, id * 1000, 'bob', content, parentId, 0, 0, 0]

const order = (...rows: Row[]) => readArchive([rows]).messages.map(({id, depth}) => [id, depth])

describe('threads', () => {
  test('replies stand behind what they answer, deeper', () => {
    expect(order(row(1), row(2), row(3, 1), row(4, 3), row(5, 1), row(6))).toEqual([
      [1, 0],
      [3, 1],
      [4, 2],
      [5, 1],
      [2, 0],
      [6, 0],
    ])
  })

  test('a parent that is missing, oneself or a descendant hides nothing', () => {
    expect(order(row(1, 99), row(2, 2), row(3, 4), row(4, 3))).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 1],
    ])
  })

  test('whatever the parents, each message is there once', () => {
    const parents = fc.array(fc.option(fc.integer({min: 1, max: 30})), {maxLength: 25})
    fc.assert(
      fc.property(parents, list => {
        const ids = order(...list.map((parent, index) => row(index + 1, parent))).map(([id]) => id)
        expect([...ids].sort((a, b) => a! - b!)).toEqual(list.map((_, index) => index + 1))
      }),
    )
  })

  test('a thread of 100,000 levels overflows nothing', () => {
    const rows = Array.from({length: 100_000}, (_, index) => row(index + 1, index || null))
    expect(readArchive([rows]).messages.at(-1)).toMatchObject({id: 100_000, depth: 99_999})
  })
})

test('a message is as it became, and what it said before is kept', () => {
  const {byId, files} = readArchive([
    [row(1), row(2), ['f', 7, 'a.txt', 'files/7-a.txt', 3], ['f', 8]],
    [row(1, null, 'changed', 'r'), ['d', 2, 5000], ['d', 99, 5000]],
  ])
  expect(byId.get(1)).toMatchObject({content: 'changed', earlier: ['text 1'], deleted: undefined})
  expect(byId.get(2)).toMatchObject({content: 'text 2', deleted: 5000})
  expect(files.get(7)).toEqual({name: 'a.txt', path: 'files/7-a.txt', bytes: 3})
  expect(files.get(8)).toEqual({name: 'file 8', path: undefined, bytes: 0})
})

describe('search', () => {
  const {messages} = readArchive([
    [row(1, null, 'The BUILD failed'), row(2, null, 'all [green]'), row(3, 1, 'build ok')],
  ])
  const found = (query: string) => new Search(messages).find(query).map(({id}) => id)

  test.each([
    ['build', [1, 3]],
    ['BUILD  failed', [1]],
    ['bob green', [2]],
    ['nothing', []],
    ['', [1, 3, 2]],
  ])('%j finds %j', (query, ids) => {
    expect(found(query)).toEqual(ids)
  })

  test('what stands in a query is text, never a pattern', () => {
    expect('a.b [x] (y'.match(matcherOf('. [x] (y')!)).toEqual(['.', '[x]', '(y'])
    expect(matcherOf('  ')).toBeUndefined()
  })

  test('a day leads to the first thread of it', () => {
    expect([indexAt(messages, 0), indexAt(messages, 1500), indexAt(messages, 9000)]).toEqual([0, 2, 2])
  })
})
