import {describe, expect, test} from 'vitest'
import {DIALECTS, ESCAPE, RFC_3339, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('messages tail, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets a line for each new message, in order, and the end is told', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['before'])
    const tail = chat.alice.start(['messages', 'tail', name, '--count', '3'])
    await tail.sees('stderr', `ready: listening to ${name}\n`)
    await chat.post(id, ['one', 'two\nlines \u001b[31m', 'three', 'four'])
    const {code, stdout, stderr} = await tail.ended
    const lines = stdout.split('\n').map(line => line.split('\t'))
    expect(lines).toEqual([
      [expect.stringMatching(RFC_3339), 'bob', 'one'],
      [expect.stringMatching(RFC_3339), 'bob', 'two⏎lines '],
      [expect.stringMatching(RFC_3339), 'bob', 'three'],
      [''],
    ])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^ready: [^\n]+\n/)
    expect(stderr).toMatch(/\nended: done; 3 messages; \d+\.\d s(; [^\n]+)?\n$/)
    // Without an acknowledgement of the join a message can come before it, and is then fetched.
    if (dialect === 'reference') expect(stderr.split('\n')).toHaveLength(3)
  })

  test('--last begins with history, oldest first; --json is a record a line', async () => {
    const {id, name} = await chat.room()
    const ids = await chat.post(id, ['1', '2', '3'])
    const tail = chat.alice.start(['messages', 'tail', name, '--last', '2', '--count', '3', '--json'])
    await tail.sees('stderr', 'ready: ')
    const [live] = await chat.post(id, ['4'])
    const records = recordsOf(await tail.ended)
    expect(records.map(record => record.id)).toEqual([ids[1], ids[2], live])
    expect(records.map(record => record.content)).toEqual(['2', '3', '4'])
    expect(records.every(record => 'parent_id' in record && record.username === 'bob')).toBe(true)
  })

  test('a person gets the time of day, colour, and later lines indented', async () => {
    const {id, name} = await chat.room()
    const [first] = await chat.post(id, ['old'])
    const [parent] = await chat.post(id, ['one\ntwo'])
    for (const parent_id of [parent, first]) {
      await chat.call('bob', 'POST', `/rooms/${id}/messages`, {content: 'yes', parent_id})
    }
    const {code, screen} = await atTerminal(chat.alice, ['messages', 'tail', name, '-n', '3', '--count', '3'])
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')
    expect(plain).toMatch(/\d\d:\d\d:\d\d bob: one\n {9}two\n/)
    expect(plain).toMatch(/\n {2}↳ bob: one⏎two\n\d\d:\d\d:\d\d bob: yes\n/)
    expect(plain).toMatch(new RegExp(`\n\\d\\d:\\d\\d:\\d\\d bob ↳ #${first}: yes\n`))
    expect(screen).toContain(ESCAPE)
    expect(code).toBe(0)
  })
})

describe('messages tail, how it ends', () => {
  const chat = useChat()

  test('--timeout ends it with 124, and what had come is printed', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['old'])
    const tail = chat.alice.start(['messages', 'tail', name, '--last', '1', '--timeout', '3s'])
    const {code, stdout, stderr} = await tail.ended
    expect(code).toBe(124)
    expect(stdout).toMatch(/\told\n$/)
    expect(stderr).toMatch(
      /^ready: [^\n]+\nended: --timeout ran out after 3 s; 1 messages?; \d+\.\d s(; [^\n]+)?\n$/,
    )
  })

  test('one that printed nothing says where to go on, and nothing is lost by that', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['before'])
    const {stderr} = await chat.alice.run(['messages', 'tail', name, '--timeout', '2s'])
    const since = /go on with --since (\d+)\n$/.exec(stderr)?.[1] ?? ''
    await chat.post(id, ['meanwhile'])
    const next = await chat.alice.run(['messages', 'tail', name, '--since', since, '--count', '1'])
    expect(next.stdout).toMatch(/\tmeanwhile\n$/)
  })

  test('--json has the error of a timeout as a line, too', async () => {
    const {name} = await chat.room()
    const {code, stderr} = await chat.alice.run(['messages', 'tail', name, '--timeout', '2s', '--json'])
    expect(code).toBe(124)
    expect(stderr).toMatch(/^\{"error":\{"code":"timeout",[^\n]+\}\}$/m)
  })

  test.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s ends it with %i', async (signal, code, reason) => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name])
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['accepted'])
    await tail.sees('stdout', 'accepted')
    tail.child.kill(signal)
    const end = await tail.ended
    expect(end.code).toBe(code)
    expect(end.stderr).toMatch(new RegExp(`\nended: ${reason}; 1 messages?; \\d+\\.\\d s(; [^\n]+)?\n$`))
  })

  test('a reader that goes away ends it quietly with 0', async () => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name])
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['one'])
    await tail.sees('stdout', 'one')
    tail.child.stdout.destroy()
    await chat.post(id, ['two'])
    const {code, stderr} = await tail.ended
    expect(code).toBe(0)
    expect(stderr).not.toContain('error')
  })

  test('--quiet leaves the ready line, which scripts wait for', async () => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--quiet', '--count', '1'])
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['one'])
    expect((await tail.ended).stderr).toBe(`ready: listening to ${name}\n`)
  })

  test.each([
    ['an unknown room', ['nowhere'], 7],
    ['an unknown id', ['4711'], 7],
    ['one of two rooms is unknown', ['general', 'nowhere'], 7],
    ['all rooms and one', ['general', '--all'], 2],
    ['an empty name', ['#'], 2],
    ['an unknown user', ['general', '--from', 'alice,nobody'], 7],
    ['no expression', ['general', '--grep', '('], 2],
    ['an unknown type', ['general', '--types', 'message,edits'], 2],
    ['an unknown field', ['general', '--format', '{{contents}}'], 2],
    ['events as text', ['general', '--events'], 2],
    ['two cursors', ['general', '--cursor', 'a', '--resume', 'b'], 2],
    ['an unknown time', ['general', '--since', 'yesterday'], 2],
    ['an unknown end', ['general', '--until', '10 o clock'], 2],
    ['an unknown policy', ['general', '--on-lag', 'wait'], 2],
    ['no room', [], 2],
    ['--count 0', ['general', '--count', '0'], 2],
    ['--last -1', ['general', '--last', '-1'], 2],
  ])('%s', async (_what, args, code) => {
    const run = await chat.alice.run(['messages', 'tail', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  })

  test('the room by --room and by VEZA_ROOM', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['here'])
    const args = ['messages', 'tail', '--last', '1', '--count', '1', '--json']
    const runs = await Promise.all([
      chat.alice.run([...args, '--room', `#${name}`]),
      chat.alice.run(args, {env: {VEZA_ROOM: `${id}`}}),
    ])
    expect(runs.map(run => recordsOf(run)[0]?.content)).toEqual(['here', 'here'])
  })
})
