import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {jsonFault} from '../../../src/lib/config/json-fault.js'

function parses(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Texts that are JSON or nearly so: cut, with a character too many or in another's place. */
const nearlyJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.constantFrom('', ',', '}', '"', '\\', '\n', '0', '-', 'x', ' ', '\u0001'),
    fc.boolean(),
  )
  .map(([text, seed, put, replace]) => {
    const at = seed % (text.length + 1)
    return text.slice(0, at) + put + text.slice(at + (replace ? 1 : 0))
  })

describe('jsonFault', () => {
  it.each([
    ['{', 1, 2],
    ['', 1, 1],
    ['{"a": 1,}', 1, 9],
    ['{"a": 1\n"b": 2}', 2, 1],
    ['{\r\n  "a": hunter2\r\n}', 2, 8],
    ['{\r  "a" 1\r}', 2, 7],
    ['{"a": "cut\n"}', 1, 11],
    ['{"a": "\\q"}', 1, 8],
    ['{"a": "\\u12"}', 1, 8],
    ['{"a": 1} {', 1, 10],
    ['[1, 2', 1, 6],
    ['[1 2]', 1, 4],
    ['[1}', 1, 3],
    ['{"a": [}', 1, 8],
    ['{a: 1}', 1, 2],
    ["{'a': 1}", 1, 2],
    ['// no\n{}', 1, 1],
    ['{"a": 01}', 1, 8],
    ['{"a": .5}', 1, 7],
    ['{"a": 1.}', 1, 8],
    ['{"a": NaN}', 1, 7],
    ['{"\ud83d\ude00": x}', 1, 8],
    ['{"tab": "\t"}', 1, 10],
  ])('of %j is line %d, column %d', (text, line, column) => {
    expect(parses(text)).toBe(false)
    expect(jsonFault(text)).toEqual({line, column})
  })

  it('is found in a text that no stack holds', () => {
    const deep = 100_000
    expect(jsonFault('['.repeat(deep))).toEqual({line: 1, column: deep + 1})
    expect(jsonFault(`"${'a'.repeat(5_000_000)}`)).toEqual({line: 1, column: 5_000_002})
  })

  it('is there exactly where the parser fails', () => {
    fc.assert(
      fc.property(nearlyJson, text => {
        expect(jsonFault(text) === undefined).toBe(parses(text))
      }),
      {numRuns: 3000},
    )
  })

  it('is at a character that cannot be anywhere, put between two tokens', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.integer(), fc.boolean(), fc.constant(null)), {minLength: 1}),
        fc.nat(),
        (list, seed) => {
          const parts = list.map(item => `${JSON.stringify(item)}`)
          const nth = seed % parts.length
          const text = `[\n${parts.map((part, index) => (index === nth ? `@${part}` : part)).join(',\n')}\n]`
          expect(jsonFault(text)).toEqual({line: nth + 2, column: 1})
        },
      ),
    )
  })
})
