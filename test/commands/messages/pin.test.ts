import {describe, expect, test} from 'vitest'
import {DIALECTS, ESCAPE, errorOf, type Fields, RFC_3339, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal, makeHome} from '../../support/veza.js'

describe.each(DIALECTS)('messages pin, unpin and pins, %s', dialect => {
  const chat = useChat({dialect})
  const unfiltered =
    dialect === 'guide' ? 'the server does not list pinned messages alone: reading the whole history\n' : ''
  const pinsOf = async (room: string) => {
    const {stdout} = await chat.bob.run(['messages', 'pins', room, '--json'])
    return (JSON.parse(stdout) as Fields[]).map(({id}) => id)
  }

  test('a pin goes on, is listed, and comes off', async () => {
    const {id, name} = await chat.room()
    const [first, second, third] = await chat.post(id, ['one', 'two', 'three'])
    const pin = await chat.alice.run(['messages', 'pin', `#${first}`, `${third}`, `${first}`, '--json'])
    expect(pin).toMatchObject({code: 0, stderr: `pinned message ${first}\npinned message ${third}\n`})
    expect(recordsOf(pin)).toMatchObject([
      {id: first, content: 'one', is_pinned: true},
      {id: third, content: 'three', is_pinned: true},
    ])
    expect(await pinsOf(name)).toEqual([third, first])
    const unpin = await chat.alice.run(['messages', 'unpin', `${first}`, `${second}`])
    expect(unpin).toMatchObject({code: 0, stderr: `unpinned message ${first}\nunpinned message ${second}\n`})
    expect(unpin.stdout).toMatch(new RegExp(`^${RFC_3339.source}\tbob\tone\n${RFC_3339.source}\tbob\ttwo\n$`))
    expect(await pinsOf(name)).toEqual([third])
  })

  test('a pipe gets lines, newest first, whatever they hold', async () => {
    const {id, name} = await chat.room()
    const ids = await chat.post(id, ['plain', 'two\nlines\u001b[31m\u202e', 'not pinned'])
    await chat.alice.run(['messages', 'pin', `${ids[0]}`, `${ids[1]}`])
    const {code, stdout, stderr} = await chat.bob.run(['messages', 'pins', '--room', name])
    expect({code, stderr}).toEqual({code: 0, stderr: unfiltered})
    expect(stdout.split('\n').map(line => line.split('\t'))).toEqual([
      [`${ids[1]}`, expect.stringMatching(RFC_3339), 'bob', 'two⏎lines\\u{202e}'],
      [`${ids[0]}`, expect.stringMatching(RFC_3339), 'bob', 'plain'],
      [''],
    ])
  })

  test('a person gets a table, and a pinned message in colour', async () => {
    const {id, name} = await chat.room()
    const [message] = await chat.post(id, ['look here'])
    const pinned = await atTerminal(chat.alice, ['messages', 'pin', `${message}`])
    expect(pinned.screen).toMatch(/\d\d:\d\d:\d\d.*bob.*: look here\n/)
    expect(pinned.screen).toContain(ESCAPE)
    const {screen} = await atTerminal(chat.alice, ['messages', 'pins', name])
    const lines = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '').split('\n')
    expect(lines.some(line => /^ID +TIME +AUTHOR +CONTENT$/.test(line))).toBe(true)
    expect(lines.some(line => /^\d+ +(just now|\d+ s ago) +bob +look here$/.test(line))).toBe(true)
  })

  test('--limit and --before turn the pages, --all has all', async () => {
    const {id, name} = await chat.room()
    const ids = await chat.post(id, ['1', '2', '3', '4'])
    await chat.alice.run(['messages', 'pin', ...[0, 1, 3].map(index => `${ids[index]}`)])
    const page = await chat.bob.run(['messages', 'pins', name, '--limit', '2', '--json'])
    expect(JSON.parse(page.stdout).map(({content}: Fields) => content)).toEqual(['4', '2'])
    expect(page.stderr).toBe(`${unfiltered}more: use --before ${ids[1]}\n`)
    const rest = await chat.bob.run(['messages', 'pins', name, '--before', `${ids[1]}`, '--json'])
    expect(JSON.parse(rest.stdout).map(({content}: Fields) => content)).toEqual(['1'])
    const all = await chat.bob.run(['messages', 'pins', name, '--all'])
    expect(all.stdout.split('\n')).toHaveLength(4)
    expect(all.stderr).toBe(unfiltered)
  })

  test('none is told, and is no failure', async () => {
    const {name} = await chat.room()
    const run = await chat.bob.run(['messages', 'pins', name, '--json'])
    expect(run).toEqual({code: 0, stdout: '[]\n', stderr: 'no pinned messages\n'})
  })

  test('who manages nothing pins nothing', async () => {
    const {id, name} = await chat.room()
    const [message] = await chat.post(id, ['mine'], 'bob')
    for (const verb of ['pin', 'unpin']) {
      const run = await chat.bob.run(['messages', verb, `${message}`, '--json'])
      expect(run).toMatchObject({code: 9, stdout: ''})
      expect(errorOf(run)).toMatchObject({code: 'forbidden', server_code: 'PERMISSION_DENIED'})
    }
    expect(await pinsOf(name)).toEqual([])
  })

  test('the first that fails ends it; those before it are done', async () => {
    const {id, name} = await chat.room()
    const [first, second] = await chat.post(id, ['1', '2'])
    const run = await chat.alice.run(['messages', 'pin', `${first}`, '999999', `${second}`, '--quiet'])
    expect(run.code).toBe(7)
    expect(run.stderr).toMatch(/^error: message 999999: .+\n$/)
    expect(run.stdout.split('\n')).toHaveLength(2)
    expect(await pinsOf(name)).toEqual([first])
  })
})

test.each([
  [['pin'], 'MESSAGE'],
  [['pin', 'x'], 'MESSAGE'],
  [['pin', '0'], 'no id is 0'],
  [['unpin', '1', '-1'], 'MESSAGE'],
  [['pins', 'general', '--all', '--limit', '2'], '--all goes without --limit'],
  [['pins', 'general', '--limit', '0'], '--limit'],
  [['pins'], 'the room is missing'],
])('messages %j is a usage error', async (args, problem) => {
  const run = await makeHome({VEZA_TOKEN: 'x'}).run(['messages', ...args])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr.toUpperCase()).toContain(problem.toUpperCase())
})
