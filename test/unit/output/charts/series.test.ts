import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {seriesOf} from '../../../../src/lib/output/charts/series.js'

const labelsOf = (value: unknown) => seriesOf(value)?.points.map(({label}) => label)

describe('series', () => {
  it.each([
    ['numbers in a row', [3, 4, 5], ['0', '1', '2']],
    ['numbers by hour of the day', {0: 1, 7: 2, 23: 4}, ['0', '7', '23']],
    ['numbers by hour with a colon', {'00:00': 1, '13:00': 2}, ['00:00', '13:00']],
    ['numbers by day', {'2026-11-21': 1, '2026-11-22': 2}, ['2026-11-21', '2026-11-22']],
    [
      'numbers by moment',
      {'2026-11-22T09:00:00Z': 1, '2026-11-22T10:00:00.000Z': 2},
      ['2026-11-22T09:00:00Z', '2026-11-22T10:00:00.000Z'],
    ],
    [
      'hours of days, as the contract has them',
      [
        {date: '2026-11-22', hour: 9, message_count: 1},
        {date: '2026-11-22', hour: 10, message_count: 2},
      ],
      ['2026-11-22 09:00', '2026-11-22 10:00'],
    ],
    [
      'hours alone',
      [
        {hour: 9, count: 1},
        {hour: 10, count: 2},
      ],
      ['9', '10'],
    ],
  ])('in time: %s', (_name, value, labels) => {
    expect(seriesOf(value)?.isTimeline).toBe(true)
    expect(labelsOf(value)).toEqual(labels)
  })

  it('beside one another: names with numbers', () => {
    expect(
      seriesOf([
        {name: 'general', message_count: 5},
        {name: 'builds', message_count: 2},
      ]),
    ).toEqual({
      isTimeline: false,
      points: [
        {label: 'general', value: 5},
        {label: 'builds', value: 2},
      ],
    })
  })

  it.each([
    ['nothing', null],
    ['text', 'text'],
    ['one number', [1]],
    ['an empty list', []],
    ['an empty object', {}],
    ['totals', {users: 5, rooms: 2}],
    ['two ids, no hours', {24: 5, 31: 2}],
    ['mixed', [1, 'two']],
    ['objects without a number', [{name: 'a'}, {name: 'b'}]],
    ['objects without a name', [{count: 1}, {count: 2}]],
    ['hours with text', {1: 'a', 2: 'b'}],
    ['lists of lists', [[1], [2]]],
  ])('is none: %s', (_name, value) => {
    expect(seriesOf(value)).toBeUndefined()
  })

  it('takes any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const series = seriesOf(value)
        expect(series === undefined || series.points.length > 1).toBe(true)
      }),
    )
  })
})
