import fc from 'fast-check'
import stringWidth from 'string-width'
import {describe, expect, it} from 'vitest'
import {separatedLine} from '../../../../src/lib/output/formats/cell.js'
import {renderDetails} from '../../../../src/lib/output/formats/details.js'
import {fitWidths, truncate} from '../../../../src/lib/output/formats/layout.js'
import {renderTable} from '../../../../src/lib/output/formats/table.js'
import {createStyle} from '../../../../src/lib/output/style.js'
import type {Column} from '../../../../src/lib/output/views/view.js'
import {pipe, terminal} from '../capture.js'

interface Row {
  readonly id: number
  readonly name?: string
}

const columns: readonly Column<Row>[] = [
  {header: 'id', value: row => row.id},
  {header: 'name', value: row => row.name, paint: (text, style) => style.red(text)},
  {header: 'end', value: () => '|'},
]

const many = (count: number, name: (index: number) => string) =>
  Array.from({length: count}, (_, index) => ({id: index, name: name(index)}))

/** Where the last column starts in each line, in terminal columns. */
const endColumns = (table: string) =>
  table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map(line => stringWidth(line.slice(0, line.lastIndexOf('|'))))

describe('renderTable at a terminal', () => {
  it('aligns columns under a head, without borders or trailing blanks', async () => {
    const table = await renderTable(columns, [{id: 1, name: 'general'}, {id: 10}], terminal)
    expect(table).toBe('ID  NAME     END\n1   general  |\n10  -        |\n')
  })

  it.each([3, 600])('aligns wide characters and emoji in %i rows', async count => {
    const names = ['日本語', '👍🏽 ok', 'ascii', 'e\u0301', '👩‍👩‍👧']
    const table = await renderTable(
      columns,
      many(count, index => names[index % names.length]!),
      terminal,
    )
    expect(new Set(endColumns(table)).size).toBe(1)
  })

  it.each([
    ['flags', '🇩🇪🇫🇷', 4],
    ['a family', '👩‍👩‍👧', 2],
    ['a skin tone', '👍🏽', 2],
    ['a variation selector', '❤️', 2],
    ['a keycap', '1️⃣', 2],
    ['combining marks', 'e\u0301a\u0308', 2],
    ['Hangul', '한글', 4],
    ['full width', 'ＡＢ', 4],
  ])('aligns %s, in a pipe as well', async (_what, name, width) => {
    const rows = [
      {id: 1, name},
      {id: 2, name: 'x'.repeat(10)},
    ]
    for (const context of [terminal, {...pipe, width: Number.POSITIVE_INFINITY}]) {
      const [, first] = (await renderTable(columns, rows, context, true)).split('\n')
      expect(first).toBe(`1   ${name}${' '.repeat(10 - width)}  |`)
    }
  })

  it.each([2, 501])('fits the width of the terminal with %i rows', async count => {
    const rows = many(count, index => `${'日本'.repeat(60)}${index}`)
    const table = await renderTable(columns, rows, {...terminal, width: 40})
    const lines = table.trimEnd().split('\n')
    expect(lines).toHaveLength(count + 1)
    expect(Math.max(...lines.map(line => stringWidth(line)))).toBeLessThanOrEqual(40)
    expect(lines[1]).toContain('…')
  })

  it('looks the same by cli-table3 and by plain columns', async () => {
    const rows = many(501, index => `room ${index}`)
    const small = await renderTable(columns, rows.slice(0, 500), terminal)
    const large = await renderTable(columns, rows, terminal)
    expect(large.startsWith(small)).toBe(true)
  })

  it.each([1, 501])('paints after measuring, with %i rows', async count => {
    const style = await createStyle(1)
    const table = await renderTable(
      columns,
      many(count, () => 'abc'),
      {...terminal, style},
    )
    expect(table).toContain('\x1b[31mabc\x1b[39m   |')
    expect(table.startsWith('\x1b[1mID')).toBe(true)
  })

  it('shows hostile text on one line', async () => {
    const table = await renderTable(columns, [{id: 1, name: 'a\nb\x1b[2J\u202e'}], terminal)
    expect(table).toContain('a⏎b\\u{202e}')
    expect(table.split('\n')).toHaveLength(3)
  })

  it('is empty without rows', async () => {
    expect(await renderTable(columns, [], terminal)).toBe('')
  })
})

describe('renderTable in a pipe', () => {
  it('is tab-separated, uncut, without a head', async () => {
    const long = 'x'.repeat(500)
    const table = await renderTable(columns, [{id: 1, name: long}, {id: 2}], pipe)
    expect(table).toBe(`1\t${long}\t|\n2\t\t|\n`)
  })

  it('has the same number of fields whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({unit: 'binary'}), name => {
        const line = separatedLine(columns, {id: 1, name}, pipe)
        expect(line.split('\n')).toHaveLength(2)
        expect(line.split('\t')).toHaveLength(3)
      }),
    )
  })
})

describe('layout', () => {
  it('takes from the widest column first', () => {
    expect(fitWidths([2, 10, 30], 30)).toEqual([2, 10, 14])
    expect(fitWidths([2, 10, 5], 80)).toEqual([2, 10, 5])
    expect(fitWidths([5, 5], 1)).toEqual([1, 1])
  })

  it('cuts between what a reader sees as characters', () => {
    expect(truncate('日本語', 5, stringWidth)).toBe('日本…')
    expect(truncate('日本語', 4, stringWidth)).toBe('日…')
    expect(truncate('👩‍👩‍👧👩‍👩‍👧', 3, stringWidth)).toBe('👩‍👩‍👧…')
    expect(truncate('same', 4, stringWidth)).toBe('same')
  })

  it('never exceeds the width', () => {
    const anyText = fc.string({unit: 'grapheme'})
    fc.assert(
      fc.property(anyText, fc.integer({min: 1, max: 20}), (text, width) => {
        expect(stringWidth(truncate(text, width, stringWidth))).toBeLessThanOrEqual(width)
      }),
    )
  })
})

describe('renderDetails', () => {
  it('aligns names, indents later lines and leaves out what is absent', () => {
    expect(renderDetails(columns, {id: 1, name: 'a\nend:  forged\x1b[2J'}, terminal)).toBe(
      'id:   1\nname: a\n      end:  forged\nend:  |\n',
    )
    expect(renderDetails(columns, {id: 1}, terminal)).toBe('id:   1\nend:  |\n')
    const many = Array.from({length: 200_000}, () => ({header: 'x', value: () => ''}))
    expect(renderDetails([...many, ...columns], {id: 1}, terminal)).toBe('id:   1\nend:  |\n')
  })

  it('is a line a field in a pipe', () => {
    expect(renderDetails(columns, {id: 1, name: 'a\nb'}, pipe)).toBe('id:\t1\nname:\ta⏎b\nend:\t|\n')
    expect(renderDetails(columns, {id: 1}, pipe)).toBe('id:\t1\nname:\t\nend:\t|\n')
  })

  it('paints names and values', async () => {
    const details = renderDetails(columns, {id: 1, name: 'a'}, {...terminal, style: await createStyle(1)})
    expect(details).toContain('\x1b[2mname:\x1b[22m \x1b[31ma\x1b[39m\n')
  })
})
