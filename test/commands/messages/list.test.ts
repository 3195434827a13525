import {beforeAll, describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, type Fields, RFC_3339, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('messages list, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets tab-separated lines, newest first, with exact times', async () => {
    const {id, name} = await chat.room()
    const [first, second] = await chat.post(id, ['one', 'two\nlines\u001b[31m'])
    const {code, stdout, stderr} = await chat.alice.run(['messages', 'list', name])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const lines = stdout.split('\n').map(line => line.split('\t'))
    expect(lines).toEqual([
      [`${second}`, expect.stringMatching(RFC_3339), 'bob', 'two⏎lines'],
      [`${first}`, expect.stringMatching(RFC_3339), 'bob', 'one'],
      [''],
    ])
  })

  test('a person gets a table within 100 columns, relative times and colour', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['short', 'l'.repeat(300)])
    const {screen} = await atTerminal(chat.alice, ['messages', 'list', name])
    const lines = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '').split('\n')
    expect(lines[0]).toMatch(/^ID +TIME +AUTHOR +CONTENT$/)
    expect(lines[1]).toMatch(/^\d+ +(just now|\d+ s ago) +bob +l+…$/)
    expect(lines[1]).toHaveLength(100)
    expect(lines[2]).toMatch(/ short$/)
    expect(screen).toContain(ESCAPE)
  })

  test('--json is one array, exact', async () => {
    const {id, name} = await chat.room()
    const [parent] = await chat.post(id, ['a\u001b[31m\u202eb'])
    await chat.call('bob', 'POST', `/rooms/${id}/messages`, {content: 'reply', parent_id: parent})
    const messages = documentOf<Fields[]>(await chat.alice.run(['messages', 'list', name, '--json']))
    expect(messages).toMatchObject([
      {content: 'reply', parent_id: parent, username: 'bob'},
      {id: parent, content: 'a\u001b[31m\u202eb', parent_id: null},
    ])
  })

  test('--limit and --before turn the pages, and stderr says how to go on', async () => {
    const {id, name} = await chat.room()
    const [first, second, third] = await chat.post(id, ['1', '2', '3'])
    const args = ['messages', 'list', name, '--limit', '2', '--json']
    const page = await chat.alice.run(args)
    expect(documentOf<Fields[]>(page).map(message => message.id)).toEqual([third, second])
    expect(page.stderr).toBe(`more: use --before ${second}\n`)
    const rest = await chat.alice.run([...args, '--before', `${second}`])
    expect(documentOf<Fields[]>(rest).map(message => message.id)).toEqual([first])
    expect(rest.stderr).toBe('')
  })
})

describe('messages list, which room', () => {
  const chat = useChat()

  test('--room and VEZA_ROOM', async () => {
    const [one, two] = [await chat.room(), await chat.room()]
    await chat.post(one.id, ['in one'])
    await chat.post(two.id, ['in two'])
    const env = {VEZA_ROOM: one.name}
    const byVariable = await chat.alice.run(['messages', 'list'], {env})
    const byFlag = await chat.alice.run(['messages', 'list', '-r', `#${two.name}`], {env})
    expect(byVariable.stdout).toMatch(/\tin one\n$/)
    expect(byFlag.stdout).toMatch(/\tin two\n$/)
  })

  test('an empty room is told, and is no failure', async () => {
    const {name} = await chat.room()
    expect(await chat.alice.run(['messages', 'list', name])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no messages\n',
    })
    const all = await chat.alice.run(['messages', 'list', name, '--all', '--json'])
    expect(all).toMatchObject({code: 0, stdout: '[]\n'})
  })

  test.each([
    ['two rooms', ['general', '--room', 'general'], 2],
    ['no room', [], 2],
    ['an unknown room', ['nowhere'], 7],
    ['--limit 0', ['general', '--limit', '0'], 2],
    ['--limit 101', ['general', '--limit', '101'], 2],
    ['--before last', ['general', '--before', 'last'], 2],
  ])('%s', async (_what, args, code) => {
    const run = await chat.alice.run(['messages', 'list', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })
})

describe.each(DIALECTS)('messages list --all over 250 messages, %s', dialect => {
  const chat = useChat({dialect})
  const sent = Array.from({length: 250}, (_, index) => `message ${index}`)
  let room = {id: 0, name: ''}
  let ids: number[] = []
  beforeAll(async () => {
    room = await chat.room()
    ids = await chat.post(room.id, sent)
  })

  test('all of them come once, newest first, as one array and as lines', async () => {
    const args = ['messages', 'list', room.name, '--all']
    const [json, pipe] = await Promise.all([chat.alice.run([...args, '--json']), chat.alice.run(args)])
    const newestFirst = sent.toReversed()
    expect(documentOf<Fields[]>(json).map(message => message.content)).toEqual(newestFirst)
    const lines = pipe.stdout.trimEnd().split('\n')
    expect(lines.map(line => line.split('\t')[3])).toEqual(newestFirst)
    expect(json.stderr + pipe.stderr).toBe('')
  })

  test('--all goes on from --before', async () => {
    const before = `${ids[120]}`
    const run = await chat.alice.run(['messages', 'list', room.name, '--all', '--before', before, '--json'])
    const contents = documentOf<Fields[]>(run).map(message => message.content)
    expect(contents).toEqual(sent.slice(0, 120).toReversed())
  })

  test('without --all it is 50, and says that there is more', async () => {
    const {stdout, stderr} = await chat.alice.run(['messages', 'list', room.name])
    expect(stdout.trimEnd().split('\n')).toHaveLength(50)
    expect(stderr).toBe(`more: use --before ${ids[200]}\n`)
  })
})
