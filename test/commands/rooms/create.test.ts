import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, RFC_3339, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('rooms create, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets the new room, a field a line', async () => {
    const {code, stdout, stderr} = await chat.alice.run([
      ...['rooms', 'create', 'deploys', '--description', 'What went out'],
    ])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(/^id:\t\d+\nname:\t#deploys\nvisibility:\tpublic\n/)
    expect(stdout).toMatch(/\nowner:\t2\n/)
    expect(stdout).toMatch(new RegExp(`\ncreated:\t${RFC_3339.source}\n`))
    expect(stdout).toMatch(/\ndescription:\tWhat went out\n$/)
    expect(stdout).not.toContain(ESCAPE)
  })

  test('a person sees it with a relative time, in colour', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['rooms', 'create', 'terminal'])
    expect(code).toBe(0)
    expect(screen).toContain(`${ESCAPE}[1m#terminal`)
    expect(screen).toMatch(/created:\S* +(just now|\d s ago)\n/)
  })

  test('--json is the room; --private and --max-members reach the server', async () => {
    const args = ['rooms', 'create', 'incident', '--private', '--max-members', '7', '--json']
    const room = documentOf(await chat.alice.run(args))
    expect(room).toMatchObject({name: 'incident', is_public: false, owner_id: 2})
    expect(room.max_members).toBe(dialect === 'reference' ? 7 : undefined)
    await expect(chat.call('bob', 'GET', `/rooms/${room.id}`)).rejects.toThrow(/40[34]/)
  })

  test('a name in use is a conflict, 8', async () => {
    await chat.alice.run(['rooms', 'create', 'twice'])
    const again = await chat.alice.run(['rooms', 'create', 'twice', '--json'])
    expect(again).toMatchObject({code: 8, stdout: ''})
    expect(errorOf(again)).toMatchObject({
      code: 'conflict',
      exit_code: 8,
      status: 409,
      server_code: 'RESOURCE_CONFLICT',
    })
  })
})

describe('rooms create, bad input', () => {
  const chat = useChat()

  test.each([
    ['no name', [], 2, 'error: missing argument NAME\nhint: see --help\n'],
    ['two names', ['one', 'two'], 2, /^error: an argument too many\nhint: /],
    [
      'no room for anybody',
      ['x', '--max-members', '0'],
      2,
      /^error: --max-members wants a whole number of at least 1\n/,
    ],
    ['a name of 101 characters', ['n'.repeat(101)], 3, /^error: .*name/],
  ])('%s', async (_what, args, code, message) => {
    const run = await chat.alice.run(['rooms', 'create', ...args])
    expect(run).toMatchObject({code, stdout: ''})
    expect(run.stderr).toMatch(message)
  })
})
