import {describe, expect, it} from 'vitest'
import {csvEncoder, encodeTsv} from '../../../../src/lib/output/formats/delimited.js'
import {DelimitedRenderer} from '../../../../src/lib/output/renderers/delimited.js'
import {NdjsonRenderer} from '../../../../src/lib/output/renderers/ndjson.js'
import type {Renderer} from '../../../../src/lib/output/renderers/renderer.js'
import {openOutputTemplate, TemplateRenderer} from '../../../../src/lib/output/renderers/template.js'
import {TextRenderer} from '../../../../src/lib/output/renderers/text.js'
import type {View} from '../../../../src/lib/output/views/view.js'
import {capture, ioOf, NOW} from '../capture.js'

interface Row {
  readonly id: number
  readonly text?: string
}

const view: View<Row> = {
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'text', value: ({text}) => text, paint: (text, style) => style.red(text)},
  ],
  fields: [
    {header: 'id', value: ({id}) => id},
    {header: 'time', value: (_, {isTTY}) => (isTTY ? 'now' : 'exact')},
  ],
  line: () => 'a line',
}
const bare: View<unknown> = {columns: []}
const rows: readonly Row[] = [{id: 1, text: 'a\u202e,\x1b[2J"b"'}, {id: 2}]

async function* stream<T>(records: readonly T[]): AsyncGenerator<T> {
  yield* records
}

type Name = 'csv' | 'tsv' | 'ndjson' | 'template' | 'table'

async function printed(name: Name, use: (renderer: Renderer) => unknown, terminal = false): Promise<string> {
  const stdout = capture(terminal ? {columns: 20} : undefined)
  const io = ioOf(stdout)
  const now = () => NOW
  const make = {
    csv: async () => new DelimitedRenderer({format: 'csv', io, now, encode: await csvEncoder()}),
    tsv: async () => new DelimitedRenderer({format: 'tsv', io, now, encode: encodeTsv}),
    ndjson: async () => new NdjsonRenderer(io),
    template: async () => {
      const source = {text: '{{id}}{{value}}\\t{{text}}', source: '--template', escapes: true}
      return new TemplateRenderer(io, (await openOutputTemplate(source)).fill)
    },
    table: async () => new TextRenderer({io, colour: 0, now, asTable: true}),
  }
  await use(await make[name]())
  await io.flush()
  return stdout.text
}

const CSV = 'id,text\n1,"a\u202e,\x1b[2J""b"""\n2,\n'

describe('csv', () => {
  it('has a head, and exact values', async () => {
    expect(await printed('csv', renderer => renderer.list(rows, view))).toBe(CSV)
    expect(await printed('csv', renderer => renderer.rows(stream(rows), view))).toBe(CSV)
  })

  it('is safe at a terminal', async () => {
    expect(await printed('csv', renderer => renderer.list(rows, view), true)).toBe(
      'id,text\n1,"a\\u{202e},""b"""\n2,\n',
    )
  })

  it('of a single record has its fields, as a pipe gets them', async () => {
    expect(await printed('csv', renderer => renderer.one(rows[0], view), true)).toBe('id,time\n1,exact\n')
  })

  it('of an empty list is its head', async () => {
    expect(await printed('csv', renderer => renderer.list([], view))).toBe('id,text\n')
    expect(await printed('csv', renderer => renderer.rows(stream([]), view))).toBe('id,text\n')
    expect(await printed('csv', renderer => renderer.list([], bare))).toBe('')
  })

  it('of a stream has one head, whatever views follow', async () => {
    const other: View<object> = {
      columns: [
        {header: 'TEXT', value: () => 'event'},
        {header: 'more', value: () => 1},
      ],
    }
    const text = await printed('csv', renderer => {
      renderer.record(rows[1], view)
      renderer.record({id: 7, more: 1}, other)
    })
    expect(text).toBe('id,text\n2,\n7,event\n')
  })

  it('takes the fields of the first record where a view has no columns', async () => {
    const text = await printed('csv', async renderer => {
      await renderer.record({a: 1, b: {c: '-'}}, bare)
      await renderer.record({b: '-', a: null}, bare)
    })
    expect(text).toBe('a,b\n1,"{""c"":""-""}"\n,\'-\n')
  })

  it('of a bare value is a cell under a head', async () => {
    expect(await printed('csv', renderer => renderer.value('=1'))).toBe("value\n'=1\n")
  })
})

it('tsv is the same with tabs', async () => {
  expect(await printed('tsv', renderer => renderer.list([{id: 1, text: 'a\tb\nc'}], view))).toBe(
    'id\ttext\n1\ta\\tb\\nc\n',
  )
})

describe('ndjson', () => {
  it('is a line for each record, whatever is printed', async () => {
    const lines = `${rows.map(row => JSON.stringify(row)).join('\n')}\n`
    expect(await printed('ndjson', renderer => renderer.list(rows, view))).toBe(lines)
    expect(await printed('ndjson', renderer => renderer.rows(stream(rows), view))).toBe(lines)
    expect(await printed('ndjson', renderer => renderer.one(rows[1], view))).toBe('{"id":2}\n')
    expect(await printed('ndjson', renderer => renderer.value('x'))).toBe('"x"\n')
    expect(await printed('ndjson', renderer => renderer.list([], view))).toBe('')
  })

  it('is safe at a terminal', async () => {
    expect(await printed('ndjson', renderer => renderer.record(rows[0], view), true)).toContain('\\u202e')
  })
})

describe('template', () => {
  it('is filled in for each record, on safe text', async () => {
    const text = '1\ta\\u{202e},"b"\n2\t\n'
    expect(await printed('template', renderer => renderer.list(rows, view))).toBe(text)
    expect(await printed('template', renderer => renderer.rows(stream(rows), view))).toBe(text)
    expect(await printed('template', renderer => renderer.one(rows[1], view))).toBe('2\t\n')
    expect(await printed('template', renderer => renderer.value('x'))).toBe('x\t\n')
  })
})

describe('table', () => {
  const long = [{id: 1, text: 'x'.repeat(200)}, ...rows]

  it('in a pipe is aligned, with a head, and never cut', async () => {
    const text = await printed('table', renderer => renderer.list(long, view))
    expect(text).toBe(`ID  TEXT\n1   ${'x'.repeat(200)}\n1   a\\u{202e},"b"\n2\n`)
    expect(await printed('table', renderer => renderer.rows(stream(long), view))).toBe(text)
  })

  it('is cut at a terminal only', async () => {
    expect(await printed('table', renderer => renderer.list(long, view), true)).toContain(
      `${'x'.repeat(15)}…\n`,
    )
  })

  it('has one row for a single record, and lines for a stream', async () => {
    expect(await printed('table', renderer => renderer.one(rows[1], view))).toBe('ID  TEXT\n2\n')
    expect(await printed('table', renderer => renderer.record(rows[1], view))).toBe('a line\n')
  })
})
