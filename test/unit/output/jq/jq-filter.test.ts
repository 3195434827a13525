import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {JqFilter, type JqOptions} from '../../../../src/lib/output/jq/jq-filter.js'
import {JqEachRenderer, JqRenderer} from '../../../../src/lib/output/renderers/jq.js'
import {capture, ioOf} from '../capture.js'

const workerFile = join(import.meta.dirname, '..', '..', '..', '..', 'dist', 'jq-worker.cjs')

async function open(filter: string, options: Partial<JqOptions> = {}): Promise<JqFilter> {
  const opened = await JqFilter.open({filter, workerFile, ...options})
  onTestFinished(() => opened.close())
  return opened
}

const results = async (filter: string, input: unknown) => (await open(filter)).run(JSON.stringify(input))

describe('a filter', () => {
  it.each([
    ['a field', '.a', {a: 1}, ['1']],
    ['many results', '.[]', [1, 'b', null], ['1', '"b"', 'null']],
    ['none', 'empty', {}, []],
    ['one that begins with a dash', '-1', null, ['-1']],
    ['one like a flag of jq', '-.n', {n: 2}, ['-2']],
    ['several lines and a comment', 'map(\n .+1 # one\n)', [1], ['[2]']],
    ['regular expressions', 'test("A"; "i")', 'a', ['true']],
    ['NUL, quotes and all of Unicode', '.', '\0"\n\u202e😀\ud800', ['"\\u0000\\"\\n\u202e😀\ufffd"']],
    ['what only looks like half a character', '.', '\\ud800\\', ['"\\\\ud800\\\\"']],
    ['no environment but its own', 'env|has("SECRET"), (env|keys|length)', null, ['false', '7']],
    ['no other file', '[limit(1; inputs)]', null, ['[]']],
  ])('%s', async (_what, filter, input, expected) => {
    process.env.SECRET = 'x'
    onTestFinished(() => void delete process.env.SECRET)
    expect(await results(filter, input)).toEqual(expected)
  })

  it('is used again and again, in order, also by who does not wait', async () => {
    const filter = await open('.+1')
    const all = await Promise.all(Array.from({length: 20}, (_, index) => filter.run(`${index}`)))
    expect(all.flat()).toEqual(Array.from({length: 20}, (_, index) => `${index + 1}`))
  })

  it('tells what jq tells, line by line', async () => {
    const notes: string[] = []
    const filter = await open('debug | debug', {onNote: text => notes.push(text)})
    expect(await filter.run('1')).toEqual(['1'])
    expect(notes).toEqual(['["DEBUG:",1]', '["DEBUG:",1]'])
  })
})

describe('a mistake', () => {
  it.each([
    ['.[', 'syntax error, unexpected end of file'],
    ['nope', 'nope/0 is not defined'],
    ['.a | | .b', 'syntax error'],
    ['include "x"; .', 'module not found: x'],
    ['$nope', '$nope is not defined'],
  ])('in %s is a usage error before there is any data', async (filter, message) => {
    await expect(JqFilter.open({filter, workerFile})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(`--jq: ${message}`),
    })
  })

  it.each([
    ['a type that does not go', '.a', [1], '--jq: Cannot index array with string "a"'],
    ['an error of its own', 'error("x\\n")', 1, '--jq: x'],
    ['an end of its own', '"bye" | halt_error(9)', 1, '--jq: bye'],
    ['a secret that is no number', 'tonumber', 'eyJhbGciOiJIUzI1NiJ9', '--jq: '],
  ])('%s is a failure', async (_what, filter, input, message) => {
    const failure = results(filter, input)
    await expect(failure).rejects.toMatchObject({code: 'failed', message: expect.stringContaining(message)})
    await expect(failure).rejects.not.toMatchObject({message: expect.stringContaining('eyJhbGciOiJIUzI1')})
  })

  it('fails whatever follows', async () => {
    const filter = await open('.a')
    const [first, second] = await Promise.allSettled([filter.run('1'), filter.run('{"a":1}')])
    expect(first).toMatchObject({status: 'rejected', reason: {code: 'failed'}})
    expect(second).toEqual(first)
  })
})

describe('a filter without an end', () => {
  it.each(['def f: f; f', 'last(range(infinite))'])('is ended at its deadline: %s', async text => {
    const filter = await open(text, {deadlineMs: 50})
    await expect(filter.run('1')).rejects.toMatchObject({
      code: 'timeout',
      message: '--jq took longer than 0.05 s',
    })
  })

  it('ends with the command', async () => {
    const controller = new AbortController()
    const filter = await open('def f: f; f', {signal: controller.signal})
    const running = filter.run('1')
    const reason = new Error('interrupted')
    controller.abort(reason)
    await expect(running).rejects.toBe(reason)
    await expect(filter.run('1')).rejects.toBe(reason)
  })
})

it('a worker that cannot be started is a failure', async () => {
  const options = {filter: '.', workerFile: '/nowhere/jq-worker.cjs'}
  await expect(JqFilter.open(options)).rejects.toMatchObject({code: 'failed', message: '--jq broke down'})
})

describe('what is printed', () => {
  async function printed(
    filter: string,
    use: (renderer: JqRenderer) => unknown,
    {terminal = false, each = false} = {},
  ): Promise<string> {
    const stdout = capture(terminal ? {} : undefined)
    const io = ioOf(stdout)
    const Kind = each ? JqEachRenderer : JqRenderer
    await use(new Kind(io, await open(filter)))
    await io.flush()
    return stdout.text
  }

  async function* stream() {
    yield {id: 1, text: 'a\x1b[2J\u202e\n\0'}
    yield {id: 2, text: 'b'}
  }

  it('texts as they are, all else as JSON, each with a newline', async () => {
    expect(await printed('.text, .id, .', renderer => renderer.record({id: 1, text: 'a\x9b\0'}))).toBe(
      'a\x9b\0\n1\n{"id":1,"text":"a\x9b\\u0000"}\n',
    )
    expect(await printed('length', renderer => renderer.value('token'))).toBe('5\n')
  })

  it('is safe at a terminal', async () => {
    const text = await printed('.text, .', renderer => renderer.record({text: 'a\x1b[2J\u202e'}), {
      terminal: true,
    })
    expect(text).toBe('a\\u{202e}\n{"text":"a\\u001b[2J\\u202e"}\n')
  })

  it('a list is one document, or each record is one', async () => {
    const list = [{id: 1}, {id: 2}]
    expect(await printed('length', renderer => renderer.list(list))).toBe('2\n')
    expect(await printed('.id', renderer => renderer.list(list), {each: true})).toBe('1\n2\n')
    expect(await printed('map(.id)', renderer => renderer.rows(stream()))).toBe('[1,2]\n')
    expect(await printed('.id', renderer => renderer.rows(stream()), {each: true})).toBe('1\n2\n')
    expect(await printed('.', renderer => renderer.list([]))).toBe('[]\n')
    expect(await printed('empty', renderer => renderer.one({}))).toBe('')
  })

  it('a failure of a record that nobody waits for is that of the last', async () => {
    const failing = printed('.a', renderer => {
      renderer.record(1)
      return renderer.record({a: 1})
    })
    await expect(failing).rejects.toMatchObject({code: 'failed'})
  })
})
