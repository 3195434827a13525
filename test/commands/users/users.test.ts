import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, type Fields, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('users, %s', dialect => {
  const chat = useChat({dialect})

  test('me, in a pipe, at a terminal and as JSON', async () => {
    const run = await chat.alice.run(['users', 'me'])
    expect(run).toMatchObject({code: 0, stderr: ''})
    expect(run.stdout).toMatch(/^id:\t2\nusername:\talice\nrole:\tuser\nemail:\talice@example.com\n/)
    const {code, screen} = await atTerminal(chat.alice, ['users', 'me', '--no-color'])
    expect(code).toBe(0)
    expect(screen).toMatch(/username: +alice/)
    expect(documentOf(await chat.alice.run(['users', 'me', '--json']))).toMatchObject({
      id: 2,
      username: 'alice',
    })
  })

  test('get shows one with details, by id, name, @name or me', async () => {
    for (const word of ['3', 'bob', '@bob']) {
      const {code, stdout} = await chat.alice.run(['users', 'get', word])
      expect({code, stdout}).toEqual({code: 0, stdout: expect.stringMatching(/^id:\t3\nusername:\tbob\n/)})
    }
    expect(documentOf(await chat.bob.run(['users', 'get', 'me', '--json']))).toMatchObject({username: 'bob'})
  })

  test('get shows several: lines in a pipe, a table at a terminal, records as JSON', async () => {
    const args = ['users', 'get', 'bob', '2', '@bot']
    expect(await chat.alice.run(args)).toEqual({
      code: 0,
      stdout: '3\tbob\tuser\t\n2\talice\tuser\t\n4\tbot\tuser\t\n',
      stderr: '',
    })
    const {screen} = await atTerminal(chat.alice, [...args, '--no-color'])
    expect(screen).toMatch(/^ID +USERNAME +ROLE +EMAIL\n3 /)
    const records = recordsOf(await chat.alice.run([...args, '--json']))
    expect(records.map(({username}) => username)).toEqual(['bob', 'alice', 'bot'])
    expect((await chat.alice.run([...args, '--jq', '.id'])).stdout).toBe('3\n2\n4\n')
  })

  test('get shows nothing where one of them does not exist', async () => {
    const run = await chat.alice.run(['users', 'get', 'bob', 'nobody'])
    expect(run).toMatchObject({code: 7, stdout: '', stderr: expect.stringContaining('no user "nobody"')})
    expect((await chat.alice.run(['users', 'get', '99'])).code).toBe(7)
    expect((await chat.alice.run(['users', 'get'])).stderr).toMatch(/^error: missing argument USER\n/)
  })

  test('search finds parts of names and says when there may be more', async () => {
    expect(await chat.alice.run(['users', 'search', 'BO'])).toEqual({
      code: 0,
      stdout: '3\tbob\tuser\t\n4\tbot\tuser\t\n',
      stderr: '',
    })
    const some = await chat.alice.run(['users', 'search', 'bo', '--limit', '1', '--json'])
    expect(documentOf<Fields[]>(some)).toMatchObject([{username: 'bob'}])
    expect(some.stderr).toBe('1 user shown, perhaps not all: use --limit or a longer TEXT\n')
    const {screen} = await atTerminal(chat.alice, ['users', 'search', 'bo', '--no-color'])
    expect(screen).toMatch(/^ID +USERNAME/)
    expect(await chat.alice.run(['users', 'search', 'zzz'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'no users\n',
    })
  })

  test('update changes what is given, and takes a status message away', async () => {
    const update = (...flags: string[]) => chat.bob.run(['users', 'update', ...flags])
    const first = await update('--status-message', `at tea${ESCAPE}[2J`, '--email', 'b@example.org')
    expect(first).toMatchObject({code: 0, stderr: ''})
    expect(first.stdout).toMatch(/\nemail:\tb@example.org\nstatus:\tat tea\n$/)
    const second = documentOf(await update('--status-message', '', '--json'))
    expect(second).toMatchObject({username: 'bob', email: 'b@example.org', status_message: ''})
    const {code, screen} = await atTerminal(chat.bob, ['users', 'update', '--email', 'bob@example.com'])
    expect([code, screen.includes('bob@example.com')]).toEqual([0, true])
  })

  test('update is refused by the server’s rules', async () => {
    const taken = await chat.bob.run(['users', 'update', '--username', 'alice', '--json'])
    expect([taken.code, errorOf(taken).code]).toEqual([8, 'conflict'])
    const short = await chat.bob.run(['users', 'update', '--username', 'ab'])
    expect(short).toMatchObject({code: 3, stdout: ''})
  })

  test('update of nothing is a usage error', async () => {
    expect(await chat.bob.run(['users', 'update'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: nothing to change\nhint: give --username or --email or --status-message\n',
    })
  })
})
