import {parse} from 'csv-parse/sync'
import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {csvEncoder, disarm, encodeTsv} from '../../../../src/lib/output/formats/delimited.js'

const anyText = fc.string({unit: 'binary'})
const anyRow = fc.array(anyText, {minLength: 2, maxLength: 5})

describe('disarm', () => {
  it.each([
    ...[
      '=1+1',
      '+1',
      '-1',
      '@SUM(1)',
      '＝1',
      '＋1',
      '－1',
      '＠x',
      '\t=1',
      '\r=1',
      '\n=1',
      '  =1',
      '\0=1',
      '\ufeff=1',
    ],
    ...['\tx', '\rx', '\nx', ' \t@x', '=HYPERLINK("http://x","y")'],
  ])('keeps %j from being run', text => {
    expect(disarm(text)).toBe(`'${text}`)
  })

  it.each(['', 'a=1', '#general', ' x', "'=1", 'ünï', '2026-01-01', '😀'])('leaves %j as it is', text => {
    expect(disarm(text)).toBe(text)
  })

  it('leaves numbers', () => {
    expect([disarm(-5), disarm(0.5)]).toEqual(['-5', '0.5'])
  })
})

describe('CSV', () => {
  it('quotes what has a comma, quote or newline, and nothing else', async () => {
    const encode = await csvEncoder()
    expect(encode([1, 'a b', 'a,b', 'a"b', 'a\nb', 'a\rb', '', 'a\tb', 'a\0b'])).toBe(
      '1,a b,"a,b","a""b","a\nb","a\rb",,a\tb,a\0b\n',
    )
    expect(encode(['=1,2'])).toBe('"\'=1,2"\n')
  })

  it('gives back every text', async () => {
    const encode = await csvEncoder()
    fc.assert(
      fc.property(anyRow, row => {
        const [read] = parse(encode(row), {record_delimiter: '\n'}) as string[][]
        expect(read).toEqual(row.map(disarm))
      }),
    )
  })
})

describe('TSV', () => {
  it('escapes what would end a cell or a line', () => {
    expect(encodeTsv([1, 'a\tb\nc\rd\\e', '"q"'])).toBe('1\ta\\tb\\nc\\rd\\\\e\t"q"\n')
  })

  it('is one line of so many cells, and gives back every text', () => {
    const back: Readonly<Record<string, string>> = {t: '\t', n: '\n', r: '\r', '\\': '\\'}
    fc.assert(
      fc.property(anyRow, row => {
        const line = encodeTsv(row)
        expect(line.split('\n')).toHaveLength(2)
        const cells = line.slice(0, -1).split('\t')
        expect(cells.map(cell => cell.replace(/\\(.)/g, (_, letter: string) => back[letter] ?? '?'))).toEqual(
          row.map(disarm),
        )
      }),
    )
  })
})
