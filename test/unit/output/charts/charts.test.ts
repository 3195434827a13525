import fc from 'fast-check'
import measure from 'string-width'
import {describe, expect, it} from 'vitest'
import {barChart} from '../../../../src/lib/output/charts/bar-chart.js'
import type {Canvas} from '../../../../src/lib/output/charts/canvas.js'
import {sparkline} from '../../../../src/lib/output/charts/sparkline.js'

const canvas = (width: number, isUnicode = true): Canvas => ({width, isUnicode, measure})
const anyNumber = fc.oneof(fc.nat(), fc.double(), fc.constantFrom(-1, Number.NaN, Number.POSITIVE_INFINITY))

describe('sparkline', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], true, '▁▂▃▄▅▆▇█'],
    [[0, 1, 2, 3, 4, 5, 6, 7], false, '_.:-=+*#'],
    [[1, 1000], true, '▂█'],
    [[3, 10], true, '▄█'],
    [[0, 0], true, '▁▁'],
    [[5], true, '█'],
    [[], true, ''],
    [[-3, Number.NaN, Number.POSITIVE_INFINITY, 2], true, '▁▁▁█'],
  ])('draws %j, unicode %s', (values, isUnicode, line) => {
    expect(sparkline(values, {width: 80, isUnicode})).toBe(line)
  })

  it('adds up neighbours where there are more values than columns', () => {
    expect(sparkline([1, 0, 0, 0, 7, 7, 0], {width: 4, isUnicode: true})).toBe('▂▁█▁')
    expect(sparkline([1, 2, 3], {width: 0, isUnicode: true})).toBe('█')
  })

  it('keeps to the scale that is given', () => {
    expect(sparkline([1, 7], {width: 9, isUnicode: true}, 14)).toBe('▂▅')
    expect(sparkline([20], {width: 9, isUnicode: true}, 10)).toBe('█')
  })

  it('is never wider than asked, and shows nothing as the lowest character only', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber),
        fc.integer({min: 1, max: 60}),
        fc.boolean(),
        (values, width, isUnicode) => {
          const line = sparkline(values, {width, isUnicode})
          expect(measure(line)).toBeLessThanOrEqual(width)
          if (values.length > width) return
          const lowest = isUnicode ? '▁' : '_'
          const isSome = values.map(value => Number.isFinite(value) && value > 0)
          expect([...line].map(character => character !== lowest)).toEqual(isSome)
        },
      ),
    )
  })
})

describe('bar chart', () => {
  it('aligns labels, values and bars', () => {
    const bars = [
      {label: 'alice', value: 10},
      {label: 'Bob', value: 5},
      {label: 'none', value: 0},
    ]
    expect(barChart(bars, canvas(20))).toEqual(['alice  10  █████████', 'Bob     5  ████▌', 'none    0'])
    expect(barChart(bars, canvas(20, false))).toEqual([
      'alice  10  #########',
      'Bob     5  #####',
      'none    0',
    ])
  })

  it('aligns what is wide, joined or combined', () => {
    const lines = barChart(
      ['日本', '👩‍👩‍👧', '🇩🇪', 'é', 'plain'].map(label => ({label, value: 1})),
      canvas(40),
    )
    const starts = lines.map(line => measure(line.slice(0, line.indexOf('█'))))
    expect(new Set(starts)).toEqual(new Set([10]))
  })

  it('shows the smallest part of a bar for what is not 0', () => {
    const bars = [1_000_000, 1, 0].map(value => ({label: 'x', value}))
    expect(barChart(bars, canvas(40)).map(line => line.endsWith('▏'))).toEqual([false, true, false])
    expect(barChart(bars, canvas(40, false)).map(line => /[^#]#$/.test(line))).toEqual([false, true, false])
  })

  it('cuts long names, and leaves out bars before values', () => {
    const bars = [{label: 'a-very-long-name-of-a-user', value: 123}]
    expect(barChart(bars, canvas(30))).toEqual(['a-very-long-na…  123  ████████'])
    expect(barChart(bars, canvas(30, false))).toEqual(['a-very-long-na~  123  ########'])
    expect(barChart(bars, canvas(8))).toEqual(['a-…  123'])
  })

  it('makes hostile names safe: each stays one line', () => {
    const label = '\u001b[31mred\u001b[0m\n\u202eright\u0007'
    expect(barChart([{label, value: 1}], canvas(60))).toEqual([
      `red⏎\\u{202e}right\\u{7}  1  ${'█'.repeat(33)}`,
    ])
  })

  it('never overruns a width that has room for a character and the value', () => {
    const someBars = fc.array(fc.record({label: fc.string({unit: 'grapheme'}), value: fc.nat()}))
    fc.assert(
      fc.property(someBars, fc.integer({min: 14, max: 120}), fc.boolean(), (bars, width, isUnicode) => {
        const lines = barChart(bars, canvas(width, isUnicode))
        expect(lines).toHaveLength(bars.length)
        for (const line of lines) expect(measure(line)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('draws what is larger no shorter', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.boolean(), (one, other, isUnicode) => {
        const bars = [Math.max(one, other), Math.min(one, other)].map(value => ({label: 'x', value}))
        const [larger = 0, smaller = 0] = barChart(bars, canvas(60, isUnicode)).map(line => line.length)
        expect(larger).toBeGreaterThanOrEqual(smaller)
      }),
    )
  })

  it('takes whatever a server calls a number', () => {
    fc.assert(
      fc.property(fc.array(anyNumber), values => {
        const bars = values.map(value => ({label: 'x', value}))
        expect(barChart(bars, canvas(30))).toHaveLength(values.length)
      }),
    )
  })
})
