import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, RFC_3339, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('messages send, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets the sent message, a field a line', async () => {
    const {id, name} = await chat.room()
    const {code, stdout, stderr} = await chat.alice.run(['messages', 'send', name, 'Deployed\t1.4.2'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^id:\t\d+\n/)
    expect(stdout).toMatch(new RegExp(`\ntime:\t${RFC_3339.source}\nauthor:\talice\nparent:\t\n`))
    expect(stdout).toMatch(/\ncontent:\tDeployed⇥1\.4\.2\n$/)
    expect(await chat.contents(id)).toEqual(['Deployed\t1.4.2'])
  })

  test('a person sees it with a relative time, in colour, its lines aligned', async () => {
    const {name} = await chat.room()
    const {code, screen} = await atTerminal(chat.alice, ['messages', 'send', name, 'one\ntwo'])
    expect(code).toBe(0)
    expect(screen).toMatch(/time:\S* +\S*just now/)
    expect(screen).toMatch(/content:\S* one\n {9}two\n/)
    expect(screen).toContain(ESCAPE)
  })

  test('--reply-to names the message it answers; --json is the message', async () => {
    const {id, name} = await chat.room()
    const [parent] = await chat.post(id, ['a question'])
    const run = await chat.alice.run([
      'messages',
      'send',
      name,
      'an answer',
      '--reply-to',
      `${parent}`,
      '--json',
    ])
    expect(documentOf(run)).toMatchObject({
      content: 'an answer',
      parent_id: parent,
      author_id: 2,
      username: 'alice',
    })
  })

  test('every character arrives as it was', async () => {
    const {id, name} = await chat.room()
    const content = `emoji 👩‍👩‍👧 "quotes" \\ {"a":1}\n\ttab\u001b[31m \u202e ${'ä'.repeat(1_900)}`
    const message = documentOf(await chat.alice.run(['messages', 'send', name, '--json', '-m', content]))
    expect(message.content).toBe(content)
    expect(await chat.contents(id)).toEqual([content])
  })
})

describe('messages send, where the text comes from', () => {
  const chat = useChat()

  test('--message, --file, --file - and stdin, less one line break at the end of the last three', async () => {
    const {id, name} = await chat.room()
    const file = join(chat.alice.folder, 'message.txt')
    writeFileSync(file, '\ufefffrom a file\n\n')
    const send = ['messages', 'send', name]
    await chat.alice.run([...send, '--message', '--- by flag ---\n'])
    await chat.alice.run([...send, '--file', file])
    await chat.alice.run([...send, '--file', '-'], {stdin: 'by dash\n'})
    await chat.alice.run(send, {stdin: 'by pipe\r\n'})
    await chat.alice.run([...send, '--', '--looks like a flag'])
    expect(await chat.contents(id)).toEqual([
      '--- by flag ---\n',
      'from a file\n',
      'by dash',
      'by pipe',
      '--looks like a flag',
    ])
  })

  test('a message given twice is a usage error, and none is sent', async () => {
    const {id, name} = await chat.room()
    const run = await chat.alice.run(['messages', 'send', name, 'one', '--message', 'two'])
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: the message is given twice\nhint: give one of MESSAGE, --message, --file\n',
    })
    expect(await chat.contents(id)).toEqual([])
  })

  test('no message at a terminal is a usage error that says how to give one', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['messages', 'send', 'general'])
    expect(code).toBe(2)
    expect(screen).toContain(
      'error: there is no message\nhint: give it as an argument, with --message or --file',
    )
  })

  test.each([
    ['an empty argument', ['general', ''], undefined, 2, 'error: the message is empty\n'],
    ['an empty pipe', ['general'], '', 2, 'error: the message is empty\n'],
    ['only a line break', ['general'], '\n', 2, 'error: the message is empty\n'],
    ['no UTF-8', ['general'], Buffer.from([0x61, 0xff]), 2, /^error: stdin is not UTF-8 text: byte 1 /],
    [
      'a file that is missing',
      ['general', '-f', '/no/such'],
      undefined,
      2,
      'error: /no/such does not exist\n',
    ],
    ['a folder', ['general', '-f', '/'], undefined, 2, 'error: / is a folder\n'],
    ['more than 1 MiB', ['general'], 'x'.repeat(1_048_577), 3, /^error: stdin holds more than 1 MiB/],
  ])('%s', async (_what, args, stdin, code, message) => {
    const run = await chat.alice.run(['messages', 'send', ...args], {stdin: stdin ?? ''})
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(message)
  })

  test('2,001 characters are refused by the server, 3, and nothing is sent', async () => {
    const {id, name} = await chat.room()
    const run = await chat.alice.run(['messages', 'send', name, '--json'], {stdin: 'x'.repeat(2_001)})
    expect(run).toMatchObject({code: 3, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'refused', server_code: 'MESSAGE_TOO_LONG'})
    expect(await chat.contents(id)).toEqual([])
  })
})

describe('messages send, where it goes', () => {
  const chat = useChat()

  test('--room, with the message as the only argument, by id and #name', async () => {
    const {id, name} = await chat.room()
    await chat.alice.run(['messages', 'send', '--room', `${id}`, 'by id'])
    await chat.alice.run(['messages', 'send', '-r', `#${name}`, 'by #name'])
    expect(await chat.contents(id)).toEqual(['by id', 'by #name'])
  })

  test('VEZA_ROOM, where neither argument nor flag names one', async () => {
    const {id, name} = await chat.room()
    const other = await chat.room()
    const env = {VEZA_ROOM: name}
    await chat.alice.run(['messages', 'send', '-m', 'by variable'], {env})
    await chat.alice.run(['messages', 'send', '--room', other.name, 'by flag'], {env})
    expect(await chat.contents(id)).toEqual(['by variable'])
    expect(await chat.contents(other.id)).toEqual(['by flag'])
  })

  test('a room given as argument and as flag is a usage error', async () => {
    const {id, name} = await chat.room()
    const run = await chat.alice.run(['messages', 'send', '--room', name, 'general', 'text'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(await chat.contents(id)).toEqual([])
  })

  test('an argument that may be the room or the message is not guessed at', async () => {
    const env = {VEZA_ROOM: 'general'}
    const run = await chat.alice.run(['messages', 'send', 'hello'], {env, stdin: 'open'})
    expect({code: run.code, stdout: run.stdout}).toEqual({code: 2, stdout: ''})
    expect(run.stderr).toMatch(
      /^error: is the argument the room or the message\?[^\n]*\nhint: [^\n]*--message[^\n]*\n$/,
    )
  })

  test('no room at all says what to give', async () => {
    const run = await chat.alice.run(['messages', 'send', '-m', 'text'])
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: the room is missing\nhint: give ROOM, --room or VEZA_ROOM; a shell wants #name in quotes\n',
    })
  })

  test.each([
    ['an unknown room', ['nowhere', 'text'], 7],
    ['an unknown id', ['4711', 'text'], 7],
    ['an id that overflows', ['99999999999999999999', 'text'], 2],
    ['an answer to a message that is not there', ['general', 'text', '--reply-to', '4711'], 3],
    ['an answer to no id', ['general', 'text', '--reply-to', 'last'], 2],
  ])('%s', async (_what, args, code) => {
    const run = await chat.alice.run(['messages', 'send', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })
})
