import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {parseSortKeys, sortRecords} from '../../../../src/lib/output/shape/sort.js'
import type {View} from '../../../../src/lib/output/views/view.js'
import {NOW} from '../capture.js'

interface Row {
  readonly id: number
  readonly name?: string | null
  readonly size?: unknown
}

const view: View<Row> = {
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'title', value: ({name}) => (name ? `#${name}` : undefined)},
    {header: 'when', value: (_, {isTTY}) => (isTTY ? 'never' : 'exact')},
  ],
}

const sorted = (rows: readonly Row[], keys: string) => sortRecords(rows, parseSortKeys(keys), view, NOW)
const ids = (rows: readonly Row[], keys: string) => sorted(rows, keys).map(({id}) => id)
const named = (...names: readonly (string | null | undefined)[]) =>
  names.map((name, id) => (name === undefined ? {id} : {id, name}))
const sized = (...sizes: readonly unknown[]) => sizes.map((size, id) => ({id, size}))

describe('what is sorted by', () => {
  it('reads names, and - for the other way round', () => {
    expect(parseSortKeys('-unread, name,- .id')).toEqual([
      {name: 'unread', isDescending: true},
      {name: 'name', isDescending: false},
      {name: '.id', isDescending: true},
    ])
  })

  it.each([
    ['numbers as numbers', sized(10, 9, 100, -1), 'size', [3, 1, 0, 2]],
    ['from high to low', sized(10, 9, 100), '-size', [2, 0, 1]],
    ['text as a person would', named('room 10', 'room 9', 'Room 1', 'zebra'), 'name', [2, 1, 0, 3]],
    ['a column of the view', named('b', 'a'), 'TITLE', [1, 0]],
    ['absent ones last', named('b', undefined, 'a', null), 'name', [2, 0, 1, 3]],
    ['absent ones last also the other way round', named('b', undefined, 'a', null), '-name', [0, 2, 1, 3]],
    ['numbers before text', sized('10', 2, 'a', 1), 'size', [3, 1, 0, 2]],
    ['no before yes', sized(true, false), 'size', [1, 0]],
    [
      'times by when they are',
      sized('2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00Z', '2026-01-01T00:59:00+01:00'),
      'size',
      [2, 1, 0],
    ],
    ['an inner field', sized({n: 2}, {n: 1}, 'x'), 'size.n', [1, 0, 2]],
    ['an element of a list', sized(['b'], ['a'], []), 'size.0', [1, 0, 2]],
    ['by the second where the first is the same', sized(1, 1, 0), '-size,-id', [1, 0, 2]],
  ])('%s', (_what, rows, keys, order) => {
    expect(ids(rows, keys)).toEqual(order)
  })

  it('takes values as a pipe gets them', () => {
    expect(sorted([{id: 1}], 'when')).toEqual([{id: 1}])
  })

  it('does not read what a record inherits', () => {
    expect(ids(sized(1, 2), 'constructor.name,toString')).toEqual([0, 1])
  })
})

it('keeps all records, equal ones in their order, and the list that it was given', () => {
  const anyRows = fc.array(fc.record({size: fc.option(fc.oneof(fc.integer(), fc.string()))}))
  fc.assert(
    fc.property(anyRows, given => {
      const rows = given.map(({size}, id) => ({id, size}))
      const before = structuredClone(rows)
      const once = sorted(rows, 'size')
      expect(once.map(({id}) => id).sort((a, b) => a - b)).toEqual(rows.map(({id}) => id))
      expect(sorted(once, 'size')).toEqual(once)
      expect(rows).toEqual(before)
    }),
  )
})
