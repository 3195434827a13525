import {execFileSync} from 'node:child_process'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {DEFAULT_BREAKS, insertion, readBashLine} from '../../../../src/lib/cli/complete/bash-line.js'

const read = (line: string) => readBashLine(line, DEFAULT_BREAKS)

describe('reading a line of bash', () => {
  it.each([
    ['veza rooms get my', ['veza', 'rooms', 'get'], 'my', '', 0],
    ['veza rooms get ', ['veza', 'rooms', 'get'], '', '', 0],
    ['veza  rooms\tget x', ['veza', 'rooms', 'get'], 'x', '', 0],
    [String.raw`veza get my\ ro`, ['veza', 'get'], 'my ro', '', 0],
    [String.raw`veza get my\ `, ['veza', 'get'], 'my ', '', 0],
    ["veza get 'my ro", ['veza', 'get'], 'my ro', "'", 0],
    [String.raw`veza get "my \$r\o`, ['veza', 'get'], String.raw`my $r\o`, '"', 0],
    [`veza get a"b c"d'e f'g`, ['veza', 'get'], 'ab cde fg', '', 0],
    [`veza get ab'c`, ['veza', 'get'], 'abc', "'", 2],
    ['veza list --room=ge', ['veza', 'list'], '--room=ge', '', 7],
    ['veza get a:b', ['veza', 'get'], 'a:b', '', 2],
    [String.raw`veza get a\:b`, ['veza', 'get'], 'a:b', '', 0],
    ["veza get 'a:b", ['veza', 'get'], 'a:b', "'", 0],
    ["veza get '' x", ['veza', 'get', ''], 'x', '', 0],
    ['veza get $(touch x)', ['veza', 'get', '$(touch'], 'x)', '', 0],
    ['veza get $HO', ['veza', 'get'], '$HO', '', 0],
    ['veza get x\\', ['veza', 'get'], 'x', '', 0],
  ])('%j', (line, before, typed, quote, keptLength) => {
    expect(read(line)).toEqual({before, typed, quote, keptLength})
  })
})

/** What bash makes of words; `$'...'` of what it was given would show as something else. */
function wordsOf(commandLine: string): string[] {
  const script = `set +H; printf '%s\\0' ${commandLine}`
  return execFileSync('bash', ['--norc', '-c', script], {encoding: 'utf8'}).split('\0').slice(0, -1)
}

const name = fc.string({
  minLength: 1,
  maxLength: 20,
  unit: fc.constantFrom(...`ab1 '"\\$\`!#&|;()<>{}[]*?~^=:@,.-+%é漢🎉`),
})

describe('putting a word in', () => {
  it('bash reads exactly the word, outside of quotes and within either', () => {
    const names = fc.sample(name, {numRuns: 150, seed: 1})
    for (const [quote, begin] of [
      ['', ''],
      ["'", "'"],
      ['"', '"'],
    ] as const) {
      // The closing quote is what readline adds.
      const line = names.map(each => `${begin}${insertion(each, {quote, keptLength: 0})}${begin}`).join(' ')
      expect(wordsOf(line)).toEqual(names)
    }
  })

  it('what was put in is read back as the word, so that the next key goes on from there', () => {
    fc.assert(
      fc.property(name, each => {
        const {before, typed} = read(`veza ${insertion(each, {quote: '', keptLength: 0})}`)
        expect([...before, typed]).toEqual(['veza', each])
      }),
    )
  })

  it('only what readline replaces is given back', () => {
    expect(insertion('--room=my room', read('veza list --room=my'))).toBe('my\\ room')
    expect(insertion('a:b c', read('veza get a:'))).toBe('b\\ c')
    expect(insertion("ab'c", read("veza get ab'"))).toBe("'\\''c")
  })
})
