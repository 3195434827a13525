import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'csv-parse/sync'
import {beforeAll, describe, expect, test} from 'vitest'
import {DIALECTS, ESCAPE, errorOf, type Fields, recordsOf, useChat} from '../support/chat.js'
import {httpStub} from '../support/http-stub.js'
import {atTerminal, makeHome} from '../support/veza.js'

const LIST = ['rooms', 'list', '--limit', '100']
const HOSTILE = [
  '=HYPERLINK("http://x","y")',
  'two\nlines, "quoted"',
  `red ${ESCAPE}[31m\u202e`,
  '👩‍👩‍👧 日本 🇩🇪',
]

describe.each(DIALECTS)('output, %s', dialect => {
  const chat = useChat({dialect})
  beforeAll(async () => {
    for (const [index, description] of HOSTILE.entries())
      await chat.call('alice', 'POST', '/rooms', {name: `room ${10 - index}`, description})
  })

  test('--format csv: a head, exact values, formulas disarmed', async () => {
    const {code, stdout, stderr} = await chat.alice.run([...LIST, '--format', 'csv'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const [head, ...rows] = parse(stdout) as string[][]
    expect(head).toEqual(['id', 'name', 'visibility', 'members', 'description'])
    const [formula, ...others] = HOSTILE
    expect(rows.map(row => row[4])).toEqual(['Everybody', `'${formula}`, ...others])
  })

  test('--format csv at a terminal has nothing that the terminal acts on', async () => {
    const {screen} = await atTerminal(chat.alice, [...LIST, '--format', 'csv'])
    expect(screen).toContain('red \\u{202e}')
    expect(screen).not.toContain(ESCAPE)
  })

  test('--all streams the same', async () => {
    const [page, all] = await Promise.all([
      chat.alice.run([...LIST, '--format', 'csv']),
      chat.alice.run(['rooms', 'list', '--all', '--format', 'csv']),
    ])
    expect(all).toEqual(page)
  })

  test('--format tsv is a line a record', async () => {
    const {stdout} = await chat.alice.run([...LIST, '--format', 'tsv', '--columns', '.name,description'])
    expect(stdout).toContain('\nroom 9\ttwo\\nlines, "quoted"\n')
    expect(stdout.split('\n')).toHaveLength(7)
  })

  test('--columns by header and path, --sort as a person would', async () => {
    const run = await chat.alice.run([...LIST, '--columns', '.name,ID,is_public', '--sort', '-name'])
    expect(run.stdout).toBe(
      'room 10\t2\ttrue\nroom 9\t3\ttrue\nroom 8\t4\ttrue\nroom 7\t5\ttrue\ngeneral\t1\ttrue\n',
    )
  })

  test('--format table lines up in a pipe and at a terminal, and is cut at the terminal only', async () => {
    const long = 'x'.repeat(150)
    await chat.call('alice', 'POST', '/rooms', {name: 'long', description: long})
    const args = [...LIST, '--format', 'table', '--columns', 'description,id']
    const [pipe, terminal] = await Promise.all([
      chat.alice.run(args),
      atTerminal(chat.alice, args, {env: {NO_COLOR: '1'}}),
    ])
    expect(pipe.stdout).toContain(`${long}  6\n`)
    expect(terminal.screen).toContain(`${'x'.repeat(95)}…  6\n`)
    expect(terminal.screen).toMatch(/^DESCRIPTION +ID\n/)
  })

  test('--format with braces and --template are templates for each record', async () => {
    const file = join(chat.alice.folder, 'room.template')
    writeFileSync(file, '{{id}}\n{{#description}}  has words{{/description}}\n')
    const [inline, flag, fromFile] = await Promise.all([
      chat.alice.run(['rooms', 'get', 'general', '--format', '{{id}}\\t{{name}}']),
      chat.alice.run(['rooms', 'get', 'general', '--template', '{{id}}\\t{{name}}']),
      chat.alice.run(['rooms', 'get', 'general', '--template', `@${file}`]),
    ])
    expect(inline).toEqual({code: 0, stdout: '1\tgeneral\n', stderr: ''})
    expect(flag).toEqual(inline)
    expect(fromFile.stdout).toBe('1\n  has words\n')
  })

  test('--jq filters the document, and each record of NDJSON', async () => {
    const [document, records, none] = await Promise.all([
      chat.alice.run([...LIST, '--sort', 'id', '--jq', 'map(.id)|.[0:2], "é"']),
      chat.alice.run([...LIST, '--sort', 'id', '--format', 'ndjson', '--jq', 'select(.id < 3).name']),
      chat.alice.run([...LIST, '--jq', 'empty']),
    ])
    expect(document).toEqual({code: 0, stdout: '[1,2]\né\n', stderr: ''})
    expect(records.stdout).toBe('general\nroom 10\n')
    expect(none).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test('streams have them all: a head once, columns, jq for each message', async () => {
    const {name, id} = await chat.room()
    await chat.post(id, ['=one', 'two\nlines'])
    const tail = ['messages', 'tail', name, '--last', '2', '--count', '2', '--quiet']
    const [csv, columns, jq, ndjson] = await Promise.all([
      chat.alice.run([...tail, '--format', 'csv', '--columns', 'author,content']),
      chat.alice.run([...tail, '--columns', 'content,room_name']),
      chat.alice.run([...tail, '--jq', '.content']),
      chat.alice.run([...tail, '--format', 'ndjson']),
    ])
    expect(csv).toEqual({
      code: 0,
      stdout: 'author,content\nbob,\'=one\nbob,"two\nlines"\n',
      stderr: expect.stringMatching(/^ready: [^\n]+\n$/),
    })
    expect(columns.stdout).toMatch(/^=one\t.*\ntwo⏎lines\t.*\n$/)
    expect(jq.stdout).toBe('=one\ntwo\nlines\n')
    expect(recordsOf<Fields>(ndjson).map(({content}) => content)).toEqual(['=one', 'two\nlines'])
  })

  test('what is sent line by line has its results in any format', async () => {
    const {name} = await chat.room()
    const send = ['messages', 'send', name, '--lines', '--quiet']
    const csv = await chat.alice.run([...send, '--format', 'csv'], {stdin: 'a\nb\n'})
    expect((parse(csv.stdout, {columns: true}) as Fields[]).map(({outcome}) => outcome)).toEqual([
      'created',
      'created',
    ])
    const jq = await chat.alice.run([...send, '--jq', '.outcome'], {stdin: 'a\nb\n'})
    expect(jq).toEqual({code: 0, stdout: 'created\ncreated\n', stderr: ''})
  })
})

describe('what is wrong', () => {
  const chat = useChat()

  test.each([
    [
      'an unknown column',
      ['--columns', 'id,nam'],
      /^error: --columns: there is no column or field nam\nhint: did you mean name\? there are id, name, .* and, of the JSON, /,
    ],
    [
      'an unknown field',
      ['--template', '{{nam}}'],
      /^error: --template: there is no field nam\nhint: did you mean name\?/,
    ],
    ['what to sort by', ['--sort', '-nam'], /^error: --sort: there is no column or field nam\n/],
    ['a column twice', ['--columns', 'id,id'], /^error: --columns names id twice\n/],
    ['a filter', ['--jq', '.['], /^error: --jq: syntax error, unexpected end of file/],
    ['a template', ['--format', '{{#id}}'], /^error: --format: unclosed section "id"/],
    ['a template file', ['--template', '@/nowhere'], /^error: /],
    [
      'two formats',
      ['--json', '--format', 'csv'],
      /^\{"error":\{"code":"usage","message":"give --format or --json, not both"/,
    ],
    ['a format', ['--format', 'cvs'], /^error: --format wants one of: text, table, json, /],
  ])('%s: 2', async (_what, flags, stderr) => {
    const run = await chat.alice.run([...LIST, ...flags])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(stderr)
  })

  test.each([
    ['a filter', ['--jq', '.a | | .b']],
    ['a template', ['--template', '{{']],
    ['columns', ['--columns', 'a,a']],
    ['a column', ['--columns', 'nmae']],
    ['a field', ['--format', '{{nmae}}']],
  ])('%s that cannot be is found before anything is asked of the server', async (_what, flags) => {
    await using stub = await httpStub({status: 200, body: {}})
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_API_KEY: 'veza_ak_x'})
    expect((await home.run(['rooms', 'create', 'x', ...flags])).code).toBe(2)
    expect(stub.count()).toBe(0)
  })

  test('errors are JSON with the JSON formats', async () => {
    const [json, bad] = await Promise.all([
      chat.alice.run(['rooms', 'get', 'nowhere', '--format', 'ndjson']),
      chat.alice.run(['rooms', 'list', '--format', 'json', '--limit', 'x']),
    ])
    expect(errorOf(json)).toMatchObject({code: 'not_found'})
    expect(errorOf(bad)).toMatchObject({code: 'usage'})
  })

  test('a filter that fails on the data is 1, and says why', async () => {
    expect(await chat.alice.run([...LIST, '--jq', '.name'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: --jq: Cannot index array with string "name"\n',
    })
  })

  test('a filter without an end: Ctrl-C and --timeout end it', async () => {
    const running = chat.alice.start([...LIST, '--jq', '"going"|debug|def f: f; f', '--debug'])
    await running.sees('stderr', '200 in')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
    const timeout = await chat.alice.run([...LIST, '--jq', 'def f: f; f', '--timeout', '1'])
    expect(timeout).toMatchObject({code: 124, stdout: '', stderr: 'error: --timeout ran out after 1 s\n'})
  })
})

test('a setting for JSON gives way to a flag', async () => {
  const home = makeHome({VEZA_FORMAT: 'json'})
  const [csv, jq] = await Promise.all([
    home.run(['config', 'path', '--format', 'csv']),
    home.run(['config', 'path', '--jq', 'type']),
  ])
  expect(csv.stdout).toMatch(/^value\n\//)
  expect(jq.stdout).toBe('string\n')
})
