import {describe, expect, it} from 'vitest'
import {nearest} from '../../../../src/lib/cli/nearest.js'
import {TextRenderer} from '../../../../src/lib/output/renderers/text.js'
import {ShapedRenderer} from '../../../../src/lib/output/shape/shaped-renderer.js'
import {parseSortKeys} from '../../../../src/lib/output/shape/sort.js'
import type {View} from '../../../../src/lib/output/views/view.js'
import {capture, ioOf, NOW} from '../capture.js'

interface Row {
  readonly id: number
  readonly name?: string
  readonly owner?: {readonly name: string}
  readonly extra?: unknown
}

const open: View<Row> = {
  columns: [
    {header: 'id', value: ({id}) => id},
    {header: 'name', value: ({name}) => `#${name ?? ''}`},
  ],
  fields: [{header: 'owned by', value: ({owner}) => owner?.name}],
  line: ({id}) => `line ${id}`,
}
const declared: View<Row> = {...open, jsonFields: ['id', 'name', 'owner']}

function shaped({columns, sort, names}: {columns?: string[]; sort?: string; names?: string[]}) {
  const stdout = capture()
  const warnings: string[] = []
  const io = ioOf(stdout)
  const keys = sort === undefined ? undefined : parseSortKeys(sort)
  const renderer = new ShapedRenderer(new TextRenderer({io, colour: 0, now: () => NOW}), {
    columns,
    sort: keys,
    demands: [
      ...(columns ? [{source: '--columns', names: columns, takesHeaders: true}] : []),
      ...(keys ? [{source: '--sort', names: keys.map(({name}) => name), takesHeaders: true}] : []),
      ...(names ? [{source: '--template', names, takesHeaders: false}] : []),
    ],
    suggest: nearest,
    warn: text => warnings.push(text),
    now: () => NOW,
  })
  const text = async () => {
    await io.flush()
    return stdout.text
  }
  return {renderer, text, warnings}
}

async function* stream<T>(records: readonly T[]): AsyncGenerator<T> {
  yield* records
}

const rows: readonly Row[] = [
  {id: 2, name: 'b', owner: {name: 'x\ty'}},
  {id: 1, name: 'a'},
]

describe('columns', () => {
  it('are chosen by header in any case and by path, in the order given', async () => {
    const {renderer, text} = shaped({columns: ['Owned_By', '.name', 'NAME', 'owner.name', 'id']})
    await renderer.list(rows, open)
    expect(await text()).toBe('x⇥y\tb\t#b\tx⇥y\t2\n\ta\t#a\t\t1\n')
  })

  it('show lists and objects as JSON, and nothing that is inherited', async () => {
    const {renderer, text} = shaped({columns: ['extra', 'extra.0', 'extra.constructor', 'extra.length']})
    await renderer.list(
      [
        {id: 1, extra: [{a: true}]},
        {id: 2, extra: false},
      ],
      open,
    )
    expect(await text()).toBe('[{"a":true}]\t{"a":true}\t\t1\nfalse\t\t\t\n')
  })

  it('take the place of a line of its own in a stream', async () => {
    const {renderer, text} = shaped({columns: ['id']})
    renderer.record(rows[0]!, open)
    renderer.record(rows[1]!, open)
    expect(await text()).toBe('2\n1\n')
  })

  it('are the lines of a single record', async () => {
    const {renderer, text} = shaped({columns: ['name', 'owner']})
    renderer.one(rows[0]!, open)
    expect(await text()).toBe('name:\t#b\nowner:\t{"name":"x\\ty"}\n')
  })

  it('of a bare value is the value', async () => {
    const {renderer, text} = shaped({columns: ['value']})
    renderer.value('x')
    expect(await text()).toBe('value:\tx\n')
  })
})

describe('a name that is not there', () => {
  it.each([
    [
      'a column',
      {columns: ['id', 'nam']},
      '--columns: there is no column or field nam',
      'did you mean name? there are',
    ],
    [
      'what to sort by',
      {sort: '-size'},
      '--sort: there is no column or field size',
      'there are id, name, owned by and, of the JSON, owner',
    ],
    [
      'a template',
      {names: ['owned by']},
      '--template: there is no field owned by',
      'there are id, name, owner',
    ],
    [
      'what may be a secret',
      {columns: ['p$ss']},
      '--columns: there is no column or field (unreadable)',
      'there are',
    ],
  ])('%s of a list is an error that tells what there is', (_what, shape, message, hint) => {
    const {renderer} = shaped(shape)
    expect(() => renderer.list(rows, open)).toThrow(
      expect.objectContaining({code: 'usage', message, hint: expect.stringContaining(hint)}),
    )
  })

  it('is one wherever it is looked for: a record, a long list, one whose view knows its fields', async () => {
    const {renderer} = shaped({columns: ['nope']})
    expect(() => renderer.one(rows[0]!, open)).toThrow('nope')
    await expect(renderer.rows(stream(rows), open)).rejects.toThrow('nope')
    expect(() => renderer.list([], declared)).toThrow('nope')
    expect(() => renderer.record(rows[0]!, declared)).toThrow('nope')
    expect(() => renderer.check(declared)).toThrow('nope')
  })

  it('is none where nothing tells yet', async () => {
    const {renderer, text} = shaped({columns: ['nope', 'id']})
    renderer.check(open)
    await renderer.list([], open)
    expect(await renderer.rows(stream([]), open)).toBe(0)
    expect(await text()).toBe('')
  })

  it('is a warning, once, of a stream whose next record may have it', async () => {
    const {renderer, text, warnings} = shaped({columns: ['late', 'id']})
    renderer.record(rows[0]!, open)
    renderer.record(rows[1]!, open)
    expect(warnings).toEqual(['--columns: there is no column or field late'])
    expect(await text()).toBe('\t2\n\t1\n')
  })

  it('with a dot before it is left to the user, where the view alone would refuse it', () => {
    const shape = {columns: ['.new_field']}
    shaped(shape).renderer.check(declared)
    expect(() => shaped(shape).renderer.list(rows, declared)).toThrow('new_field')
  })

  it('is none of a record of another kind, once a view was found to have it', async () => {
    const {renderer, text, warnings} = shaped({columns: ['id', 'owner']})
    renderer.check(declared)
    renderer.one({outbox_id: 1}, {columns: [{header: 'outbox id', value: record => record.outbox_id}]})
    expect([await text(), warnings]).toEqual(['id:\t\nowner:\t\n', []])
  })

  it('is a warning of what is told beside a change', () => {
    const {renderer, warnings} = shaped({names: ['nope']})
    renderer.one({id: 1, deleted: true}, {columns: []})
    expect(warnings).toEqual(['--template: there is no field nope'])
  })

  it('is found when any record has it, or the view says so', async () => {
    const {renderer} = shaped({columns: ['extra', 'owner.nothing']})
    await renderer.list([{id: 1}, {id: 2, extra: 0, owner: {name: ''}}], open)
    await shaped({columns: ['owner']}).renderer.list([{id: 1}], declared)
  })
})

describe('sorting', () => {
  it('puts a list in order, also one that comes bit by bit', async () => {
    for (const print of ['list', 'rows'] as const) {
      const {renderer, text} = shaped({sort: 'id'})
      await (print === 'list' ? renderer.list(rows, open) : renderer.rows(stream(rows), open))
      expect(await text()).toBe('1\t#a\n2\t#b\n')
    }
  })

  it('warns of a stream once, and leaves it', async () => {
    const {renderer, text, warnings} = shaped({sort: 'id'})
    for (const row of rows) renderer.record(row, open)
    expect(await text()).toBe('line 2\nline 1\n')
    expect(warnings).toEqual(['--sort is for lists: this is printed as it comes'])
  })
})

it('prints a long list as it comes, but for the first page', async () => {
  const {renderer} = shaped({columns: ['id']})
  let given = 0
  async function* endless(): AsyncGenerator<Row> {
    for (;;) {
      if (given === 250) throw new Error('no more')
      given += 1
      yield {id: given}
    }
  }
  await expect(renderer.rows(endless(), open)).rejects.toThrow('no more')
  const {renderer: other, text} = shaped({columns: ['id']})
  expect(await other.rows(stream(Array.from({length: 250}, (_, id) => ({id}))), open)).toBe(250)
  expect((await text()).split('\n')).toHaveLength(251)
})
