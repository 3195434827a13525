import {beforeAll, describe, expect, test} from 'vitest'
import {
  DIALECTS,
  ESCAPE,
  errorOf,
  type Fields,
  RFC_3339,
  recordsOf,
  rowsOf,
  useChat,
} from '../../support/chat.js'
import {atTerminal, makeHome} from '../../support/veza.js'

const OLDER = 'there are older ones: use --last, --since or --all\n'

describe.each(DIALECTS)('messages history over 150 messages, %s', dialect => {
  // Each message after the one before it: so a time names one of them.
  let nowMs = Date.parse('2026-11-22T10:00:00Z')
  const chat = useChat({dialect, now: () => (nowMs += 1), tokenTtlSeconds: 1e9})
  const sent = Array.from({length: 150}, (_, index) => `message ${index + 1}`)
  let room = {id: 0, name: ''}
  let ids: number[] = []
  let times: string[] = []
  beforeAll(async () => {
    room = await chat.room()
    ids = await chat.post(room.id, sent)
    const page = `/rooms/${room.id}/messages?limit=100`
    const newer = rowsOf(await chat.call('alice', 'GET', page), 'messages')
    const older = rowsOf(await chat.call('alice', 'GET', `${page}&before_id=${ids[50]}`), 'messages')
    times = [...newer, ...older].map(row => String(row.created_at)).reverse()
  })
  const contentsOf = async (...flags: string[]) => {
    const run = await chat.alice.run(['messages', 'history', room.name, '--json', ...flags])
    expect(run.code).toBe(0)
    return recordsOf(run).map(row => row.content)
  }

  test('the last 50, oldest first, as tail prints them; stderr says that there are more', async () => {
    const run = await chat.alice.run(['messages', 'history', room.name])
    expect(run).toMatchObject({code: 0, stderr: OLDER})
    const lines = run.stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(50)
    expect(lines[0]).toMatch(new RegExp(`^${RFC_3339.source}\tbob\tmessage 101$`))
    expect(lines.at(-1)).toMatch(/\tmessage 150$/)
  })

  test('--json is a line a message, with its place', async () => {
    const run = await chat.alice.run(['messages', 'history', room.name, '--last', '2', '--json'])
    expect(run.stderr).toBe('')
    expect(recordsOf(run)).toMatchObject([
      {id: ids[148], content: 'message 149', room_id: room.id, username: 'bob', parent_id: null},
      {id: ids[149], content: 'message 150', room_id: room.id},
    ])
  })

  test('--all is all of them', async () => {
    expect(await contentsOf('--all')).toEqual(sent)
  })

  test('--since and --until take a message or a time', async () => {
    expect(await contentsOf('--since', `${ids[139]}`)).toEqual(sent.slice(140))
    expect(await contentsOf('--since', times[139]!)).toEqual(sent.slice(139))
    expect(await contentsOf('--all', '--until', `${ids[9]}`)).toEqual(sent.slice(0, 10))
    expect(await contentsOf('--since', times[19]!, '--until', times[24]!)).toEqual(sent.slice(19, 25))
    expect(await contentsOf('--until', `${ids[29]}`, '--last', '3')).toEqual(sent.slice(27, 30))
  })

  test('a person gets a transcript', async () => {
    const {screen} = await atTerminal(chat.alice, ['messages', 'history', room.name, '-n', '2'])
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')
    expect(plain).toMatch(/\d\d:\d\d:\d\d bob: message 149\n\d\d:\d\d:\d\d bob: message 150\n$/)
    expect(screen).toContain(ESCAPE)
  })

  test('a reader who has enough ends it with 0', async () => {
    const running = chat.alice.start(['messages', 'history', room.name, '--all'])
    await running.sees('stdout', 'message 1\n')
    running.child.stdout.destroy()
    expect((await running.ended).code).toBe(0)
  })
})

describe.each(DIALECTS)('messages history, %s', dialect => {
  const chat = useChat({dialect})
  const answer = async (room: number, content: string, parent_id: unknown) => {
    const {id} = (await chat.call('alice', 'POST', `/rooms/${room}/messages`, {content, parent_id})) as Fields
    return id as number
  }

  test('--thread is a message with all that answers it', async () => {
    const {id, name} = await chat.room()
    const [root, other] = await chat.post(id, ['root', 'other'])
    const first = await answer(id, 'first', root)
    await answer(id, 'elsewhere', other)
    await answer(id, 'nested', first)
    await answer(id, 'second', root)
    const run = await chat.bob.run(['messages', 'history', name, '--thread', `${root}`, '--json'])
    expect(recordsOf(run).map(row => row.content)).toEqual(['root', 'first', 'nested', 'second'])
    const {screen} = await atTerminal(chat.bob, ['messages', 'history', name, '--thread', `${root}`])
    expect(screen).toContain('↳ bob: root')
  })

  test('--from picks who, and --last counts these', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['b1'], 'bob')
    await chat.post(id, ['a1', 'a2', 'a3'], 'alice')
    await chat.post(id, ['b2', 'b3'], 'bob')
    const from = async (...flags: string[]) => {
      const run = await chat.bob.run(['messages', 'history', name, '--json', ...flags])
      return recordsOf(run).map(row => row.content)
    }
    expect(await from('--from', 'alice', '--last', '2')).toEqual(['a2', 'a3'])
    expect(await from('--from', 'me')).toEqual(['b1', 'b2', 'b3'])
    expect(await from('--from', '2,bob', '--all')).toHaveLength(6)
  })

  test('hostile text stays text', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['a\u001b]0;title\u0007\u001b[2Jb\r\n\u202ec\td'])
    const {stdout} = await chat.alice.run(['messages', 'history', name])
    expect(stdout).toMatch(/\tbob\tab⏎\\u\{202e\}c⇥d\n$/)
    const {screen} = await atTerminal(chat.alice, ['messages', 'history', name, '--no-color'])
    expect(screen).toMatch(/bob: ab\n {9}\\u\{202e\}c\td\n$/)
    const json = await chat.alice.run(['messages', 'history', name, '--json'])
    expect(recordsOf(json)[0]?.content).toBe('a\u001b]0;title\u0007\u001b[2Jb\r\n\u202ec\td')
  })

  test('an empty room is told, and is no failure', async () => {
    const {name} = await chat.room()
    for (const flags of [[], ['--all'], ['--since', '1h'], ['--json']]) {
      const run = await chat.alice.run(['messages', 'history', name, ...flags])
      expect(run).toEqual({code: 0, stdout: '', stderr: 'no messages\n'})
    }
  })

  test('a thread of another room is not found', async () => {
    const [here, there] = [await chat.room(), await chat.room()]
    const [elsewhere] = await chat.post(there.id, ['x'])
    const run = await chat.alice.run(['messages', 'history', here.name, '--thread', `${elsewhere}`, '--json'])
    expect(run).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'not_found'})
  })

  test('unknown people and rooms are 7', async () => {
    const {name} = await chat.room()
    expect((await chat.alice.run(['messages', 'history', 'nowhere'])).code).toBe(7)
    expect((await chat.alice.run(['messages', 'history', name, '--from', 'nobody'])).code).toBe(7)
  })
})

test.each([
  [['general', '--last', '2', '--all'], 'give --last or --all, not both'],
  [['general', '--since', '1h', '--thread', '4'], 'give --since or --thread, not both'],
  [['general', '--last', '0'], '--last'],
  [['general', '--since', 'tomorrow'], '--since wants'],
  [['general', '--until', '-'], '--until wants'],
  [[], 'the room is missing'],
  [['general', '--room', 'general'], 'the room is given twice'],
])('messages history %j is a usage error', async (args, problem) => {
  const run = await makeHome({VEZA_TOKEN: 'x'}).run(['messages', 'history', ...args])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr).toContain(problem)
})
