import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, errorOf, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal, startProcess, VEZA} from '../../support/veza.js'

const FAST = {VEZA_RATE_LIMIT: '0', VEZA_RETRY_DELAY: '5ms'}
const linesOf = (count: number): string[] => Array.from({length: count}, (_, at) => `line ${at + 1}`)
const input = (lines: readonly string[]): string => `${lines.join('\n')}\n`

describe.each(DIALECTS)('messages send --lines and --ndjson, %s', dialect => {
  const chat = useChat({dialect})

  test('each line is a message, in order; a summary says so, stdout stays empty', async () => {
    const {id, name} = await chat.room()
    const stdin = `${linesOf(40).join('\r\n')}\n\n\n`
    const {code, stdout, stderr} = await chat.alice.run(['messages', 'send', name, '--lines'], {
      stdin,
      env: FAST,
    })
    expect({code, stdout}).toEqual({code: 0, stdout: ''})
    expect(stderr).toMatch(/^sent 40 messages in \d+\.\d s; 2 empty lines left out\n$/)
    expect(await chat.contents(id)).toEqual(linesOf(40))
  })

  test('with --json a record each, in order', async () => {
    const {id, name} = await chat.room()
    const [parent = 0] = await chat.post(id, ['question'])
    const records = [
      {content: 'a'},
      {content: 'b', reply_to: parent, metadata: {build: 7}},
      {content: 'c', key: 'deploy-42'},
      {content: 'c', key: 'deploy-42'},
      {content: 'd'},
    ]
    const run = await chat.alice.run(['messages', 'send', '--room', name, '--ndjson', '--json'], {
      stdin: input(records.map(record => JSON.stringify(record))),
      env: FAST,
    })
    expect(run).toMatchObject({code: 0, stderr: ''})
    const results = recordsOf(run)
    expect(results.map(({index, line, outcome}) => [index, line, outcome])).toEqual([
      [1, 1, 'created'],
      [2, 2, 'created'],
      [3, 3, 'created'],
      [4, 4, 'duplicate'],
      [5, 5, 'created'],
    ])
    expect(results[3]?.id).toBe(results[2]?.id)
    expect(await chat.contents(id)).toEqual(['question', 'a', 'b', 'c', 'd'])
    const data = await chat.call('alice', 'GET', `/rooms/${id}/messages?limit=3`)
    const text = JSON.stringify(data)
    expect(text).toContain(`"build":7`)
    expect(text).toMatch(new RegExp(`"parent(_message)?_id":${parent}`))
    expect(text).toContain(String(results[1]?.client_id))
  })

  test('a second run with the journal sends only what is missing', async () => {
    const {id, name} = await chat.room()
    const file = join(chat.alice.folder, `${dialect}.txt`)
    const journal = join(chat.alice.folder, `${dialect}.journal`)
    const send = ['messages', 'send', name, '--lines', '--file', file, '--journal', journal]
    writeFileSync(file, input(['one', 'x'.repeat(2_001), 'three']))
    const first = await chat.alice.run([...send, '--keep-going'], {env: FAST})
    expect(first.code).toBe(3)
    expect(first.stderr).toMatch(
      /^error: 1 message left out, the first at line 2: .*; 2 messages sent\nhint: .*; once that is mended, the same command sends what is missing\n/,
    )
    writeFileSync(file, input(['one', 'two', 'three']))
    expect(await chat.alice.run([...send, '--split', '2000'], {env: FAST})).toMatchObject({
      code: 2,
      stderr: `error: the journal ${journal} is of a batch with --lines\nhint: each batch has its own journal\n`,
    })
    const second = await chat.alice.run(send, {env: FAST})
    expect(second).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^sent 1 message in .* s; 2 had arrived before\n$/),
    })
    expect(await chat.contents(id)).toEqual(['one', 'three', 'two'])
  })

  test('a line over the limit ends it with its number; --split sends it in parts', async () => {
    const {id, name} = await chat.room()
    const stdin = input(['one', 'x'.repeat(2_500), 'three'])
    const send = ['messages', 'send', name, '--lines', '--rate-limit', '60']
    const {code, stderr} = await chat.alice.run(send, {stdin})
    expect(code).toBe(3)
    expect(stderr).toMatch(
      /^error: line 2: .*; 1 message sent\nhint: at most 2000 characters are allowed; .*--journal/,
    )
    expect(await chat.contents(id)).toEqual(['one'])
    expect((await chat.alice.run([...send, '--split', '2000'], {stdin, env: FAST})).code).toBe(0)
    expect(await chat.contents(id)).toEqual(['one', 'one', 'x'.repeat(2_000), 'x'.repeat(500), 'three'])
  })
})

describe('bad input of a batch', () => {
  const chat = useChat()

  const sendTo = (name: string, stdin: string | Buffer, ...more: readonly string[]) =>
    chat.alice.run(['messages', 'send', name, ...more], {stdin, env: FAST})

  test('nothing at all is no failure', async () => {
    const {name} = await chat.room()
    expect(await sendTo(name, '', '--lines')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'there was nothing to send\n',
    })
    expect(await sendTo(name, '', '--lines', '--json')).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test('binary is refused, and nothing of it is sent', async () => {
    const {id, name} = await chat.room()
    const {code, stderr} = await sendTo(name, Buffer.from('one\ntwo\0three\n'), '--lines')
    expect(code).toBe(2)
    expect(stderr).toMatch(
      /^error: stdin is no text: byte 7 is NUL; 0 messages sent\nhint: .*veza files upload/,
    )
    expect(await chat.contents(id)).toEqual([])
  })

  test('invalid UTF-8 is refused with its line and offset; --keep-going leaves the line out', async () => {
    const {id, name} = await chat.room()
    const stdin = Buffer.concat([
      Buffer.from('\ufeffone\n'),
      Buffer.from([0x62, 0xe4, 0x64, 0x0a]),
      Buffer.from('three'),
    ])
    const {code, stderr} = await sendTo(name, stdin, '--lines')
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: line 2: stdin is not UTF-8 there: byte 8 does not fit; 1 message sent\n/)
    expect((await sendTo(name, stdin, '--lines', '--keep-going')).code).toBe(2)
    expect(await chat.contents(id)).toEqual(['one', 'one', 'three'])
  })

  test('a bad record is refused with its line; with --json and --keep-going in its place', async () => {
    const {name} = await chat.room()
    const stdin = '{"content": "one"}\n{"contents": "two"}\n{"content": "three"}\n'
    const run = await sendTo(name, stdin, '--ndjson', '--json', '--keep-going')
    expect(run.code).toBe(2)
    expect(recordsOf(run)).toMatchObject([
      {index: 1, outcome: 'created'},
      {index: 2, line: 2, error: {code: 'usage', message: 'the record has an unknown field "contents"'}},
      {index: 3, outcome: 'created'},
    ])
    expect(errorOf(run)).toMatchObject({
      code: 'usage',
      exit_code: 2,
      message: expect.stringContaining('line 2: the record has'),
    })
  })

  test('an input that is not that of the journal, and a journal of another room', async () => {
    const {id, name} = await chat.room()
    const other = await chat.room()
    const journal = join(chat.alice.folder, 'own.journal')
    await sendTo(name, input(['one', 'two']), '--lines', '--journal', journal)
    const changed = await sendTo(name, input(['one', 'TWO']), '--lines', '--journal', journal)
    expect(changed).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('line 2 is not what it was when the journal'),
    })
    const shorter = await sendTo(name, input(['one']), '--lines', '--journal', journal)
    expect(shorter).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('knows of 2 messages, the input has 1'),
    })
    const elsewhere = await sendTo(other.name, input(['one', 'two']), '--lines', '--journal', journal)
    expect(elsewhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`is of a batch for room ${id}`),
    })
    expect([await chat.contents(id), await chat.contents(other.id)]).toEqual([['one', 'two'], []])
  })

  test('two runs with one journal at once: the second is told', async () => {
    const {name} = await chat.room()
    const send = ['messages', 'send', name, '--lines', '--journal', join(chat.alice.folder, 'shared.journal')]
    const first = chat.alice.start([...send, '--json'], {stdin: 'open', env: FAST})
    first.child.stdin.write('one\n')
    await first.sees('stdout', '"outcome":"created"')
    const second = await chat.alice.run(send, {stdin: 'one\n', env: FAST})
    expect(second).toMatchObject({code: 8, stderr: expect.stringContaining('another veza uses the journal')})
    first.child.stdin.end('two\n')
    expect((await first.ended).code).toBe(0)
  })

  test('a full disk under the journal: it says what was sent, and a second run goes on', async () => {
    const {id, name} = await chat.room()
    const file = join(chat.alice.folder, 'many.txt')
    const journal = join(chat.alice.folder, 'full.journal')
    writeFileSync(file, input(linesOf(3_000)))
    const send = ['messages', 'send', name, '--lines', '--file', file, '--journal', journal]
    const limited = ['-c', 'ulimit -f 32; exec "$@"', 'bash', ...VEZA, ...send]
    const first = await startProcess('bash', limited, {...chat.alice.env, ...FAST}).ended
    expect(first.code).toBe(1)
    expect(first.stderr).toMatch(
      /^error: the journal .* cannot be written: EFBIG; [\d,]+ messages sent\nhint: make room/,
    )
    const second = await chat.alice.run(send, {env: FAST})
    expect(second).toMatchObject({code: 0})
    expect(readFileSync(journal, 'utf8').split('\n')).toHaveLength(3_002)
    const data = (await chat.call('alice', 'GET', `/rooms/${id}/messages?limit=1`)) as {total_count: number}
    expect(data.total_count).toBe(3_000)
  })

  test.each([
    [['--lines', '--ndjson'], '--lines and --ndjson exclude each other'],
    [['--lines', '--message', 'x'], '--message does not go with --lines'],
    [['--ndjson', '--upsert', 'k'], '--upsert does not go with --ndjson'],
    [['--ndjson', '--split', '9'], '--split goes with --lines'],
    [['--journal', 'x'], '--journal goes with --lines or --ndjson'],
    [['--lines', 'a message'], 'a message as argument does not go with --lines'],
  ])('%j is a usage error', async (flags, message) => {
    const run = await sendTo('general', 'x\n', ...flags)
    expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining(message)})
  })

  test('no such file, no such room, no terminal to type at', async () => {
    const missing = await sendTo('general', '', '--lines', '--file', '/nowhere/x')
    expect(missing).toMatchObject({code: 2, stderr: expect.stringContaining('/nowhere/x does not exist')})
    expect((await sendTo('nowhere', 'x\n', '--lines')).code).toBe(7)
    const {code, screen} = await atTerminal(chat.alice, ['messages', 'send', 'general', '--lines'])
    expect({code, screen}).toEqual({code: 2, screen: expect.stringContaining('there is nothing to send')})
  })
})

describe('a batch on its way', () => {
  const chat = useChat()

  test('a message is sent as soon as its line is there', async () => {
    const {id, name} = await chat.room()
    const {child, ended, sees} = chat.alice.start(['messages', 'send', name, '--lines', '--json'], {
      stdin: 'open',
      env: FAST,
    })
    for (const [at, line] of linesOf(3).entries()) {
      child.stdin.write(`${line}\n`)
      await sees('stdout', `"index":${at + 1}`)
    }
    expect(await chat.contents(id)).toEqual(linesOf(3))
    child.stdin.end()
    expect((await ended).code).toBe(0)
  })

  test('Ctrl-C ends it with what was sent', async () => {
    const {name} = await chat.room()
    const {child, ended, sees} = chat.alice.start(['messages', 'send', name, '--lines', '-v'], {
      stdin: 'open',
      env: FAST,
    })
    child.stdin.write('one\ntwo\n')
    await sees('stderr', /messages: 201/)
    child.kill('SIGINT')
    const {code, stderr} = await ended
    expect(code).toBe(130)
    expect(stderr).toMatch(/sent [12] messages? in /)
  })

  test('a terminal sees a bar', async () => {
    const {name} = await chat.room()
    const file = join(chat.alice.folder, 'bar.txt')
    writeFileSync(file, input(linesOf(50)))
    const {code, screen} = await atTerminal(
      chat.alice,
      ['messages', 'send', name, '--lines', '--file', file],
      {env: FAST},
    )
    expect(code).toBe(0)
    expect(screen).toContain('sending  ')
    expect(screen).toMatch(/sent 50 messages in /)
  })
})
