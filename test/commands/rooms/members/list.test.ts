import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, type Fields, RFC_3339, useChat} from '../../../support/chat.js'
import {atTerminal} from '../../../support/veza.js'

describe.each(DIALECTS)('rooms members list, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets the columns without a head', async () => {
    const {name} = await chat.room()
    const {code, stdout, stderr} = await chat.bob.run(['rooms', 'members', 'list', name])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const [alice, bob, end] = stdout.split('\n')
    expect(alice).toMatch(new RegExp(`^2\talice\towner\t${RFC_3339.source}\tno\t`))
    expect([bob?.startsWith('3\tbob\tmember\t'), end]).toEqual([true, ''])
  })

  test('a person gets a table', async () => {
    const {name} = await chat.room()
    const {code, screen} = await atTerminal(chat.alice, ['rooms', 'members', 'list', `#${name}`])
    expect(code).toBe(0)
    expect(screen.split('\n')[0]).toMatch(/ID.*USERNAME.*ROLE.*JOINED.*ONLINE.*LAST SEEN/)
    expect(screen).toContain(`${ESCAPE}[33mowner`)
  })

  test('--json is one array under the first names, --role and --limit reach the server', async () => {
    const args = ['rooms', 'members', 'list', 'general', '--json']
    const all = documentOf<Fields[]>(await chat.alice.run(args))
    expect(all.map(({id, username, role}) => [id, username, role])).toEqual([
      [1, 'admin', 'owner'],
      [2, 'alice', 'member'],
      [3, 'bob', 'member'],
      [4, 'bot', 'member'],
    ])
    const some = await chat.alice.run([...args, '--role', 'member', '--limit', '2'])
    expect(documentOf<Fields[]>(some).map(({username}) => username)).toEqual(['alice', 'bob'])
    expect(some.stderr).toBe(
      dialect === 'reference'
        ? '2 of 3 members shown: use --limit\n'
        : '2 members shown, perhaps not all: use --limit\n',
    )
  })

  test('nobody is said on stderr', async () => {
    const {name} = await chat.room()
    const run = await chat.alice.run(['rooms', 'members', 'list', name, '--role', 'moderator'])
    expect(run).toEqual({code: 0, stdout: '', stderr: 'no members\n'})
  })
})

describe('rooms members list, bad input', () => {
  const chat = useChat()

  test.each([
    [['general', '--limit', '101'], 2, /^error: --limit wants a whole number/],
    [['general', '--role', 'boss'], 2, /^error: --role wants one of: owner, moderator, member\n/],
    [[], 2, /^error: missing argument ROOM\n/],
    [['999'], 7, /HTTP 404/],
  ])('%j', async (words, code, stderr) => {
    const run = await chat.alice.run(['rooms', 'members', 'list', ...words])
    expect(run).toEqual({code, stdout: '', stderr: expect.stringMatching(stderr)})
  })

  test('a private room shows its members to no stranger', async () => {
    const {id} = (await chat.call('alice', 'POST', '/rooms', {name: 'secret', is_public: false})) as Fields
    expect(await chat.bob.run(['rooms', 'members', 'list', `${id}`])).toMatchObject({code: 9, stdout: ''})
  })
})
