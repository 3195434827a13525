import {beforeAll, describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, type Fields, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

const names = (rooms: readonly Fields[]): unknown[] => rooms.map(room => room.name)

describe.each(DIALECTS)('rooms list, %s', dialect => {
  const chat = useChat({dialect})
  // Only the reference counts members.
  const members = dialect === 'reference' ? '4' : ''

  test('a pipe gets tab-separated lines, without a head or colour', async () => {
    const {code, stdout, stderr} = await chat.alice.run(['rooms', 'list'])
    expect(stdout).toBe(`1\t#general\tpublic\t${members}\tEverybody\n`)
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
  })

  test('a person gets a table with a head, in colour', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['rooms', 'list'])
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')
    const shown = dialect === 'reference' ? '4      ' : '-      '
    expect(plain).toBe(
      `ID  NAME      VISIBILITY  MEMBERS  DESCRIPTION\n1   #general  public      ${shown}  Everybody\n`,
    )
    expect(screen).toContain(`${ESCAPE}[1m#general`)
    expect(code).toBe(0)
  })

  test('--json is one array of the server’s fields', async () => {
    const rooms = documentOf<Fields[]>(await chat.alice.run(['rooms', 'list', '--json']))
    expect(rooms).toMatchObject([{id: 1, name: 'general', is_public: true, owner_id: 1}])
    expect(rooms[0]?.member_count).toBe(dialect === 'reference' ? 4 : undefined)
  })
})

describe('rooms list, what is listed', () => {
  const chat = useChat()
  beforeAll(async () => {
    await chat.call('alice', 'POST', '/rooms', {name: 'a-open', description: 'Lunch plans'})
    await chat.call('alice', 'POST', '/rooms', {name: 'a-closed', is_public: false})
    await chat.call('bob', 'POST', '/rooms', {name: 'b-open'})
    await chat.call('bob', 'POST', '/rooms', {name: 'b-closed', is_public: false})
  })

  test.each([
    ['public', ['general', 'a-open', 'b-open']],
    ['private', ['a-closed']],
    ['joined', ['general', 'a-open', 'a-closed']],
    ['owned', ['a-open', 'a-closed']],
  ])('--filter %s', async (filter, expected) => {
    const run = await chat.alice.run(['rooms', 'list', '--filter', filter, '--json'])
    expect(names(documentOf(run)).sort()).toEqual([...expected].sort())
  })

  test('--filter refuses another word', async () => {
    const {code, stdout, stderr} = await chat.alice.run(['rooms', 'list', '--filter', 'mine'])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toBe('error: --filter wants one of: public, private, joined, owned\n')
  })

  test('--search finds by name and by description', async () => {
    const [byName, byText] = await Promise.all([
      chat.alice.run(['rooms', 'list', '--search', 'a-clo', '--json']),
      chat.alice.run(['rooms', 'list', '--search', 'lunch', '--json']),
    ])
    expect(names(documentOf(byName))).toEqual(['a-closed'])
    expect(names(documentOf(byText))).toEqual(['a-open'])
  })

  test('nothing found is told, and is no failure', async () => {
    const [pipe, json] = await Promise.all([
      chat.alice.run(['rooms', 'list', '--search', 'nowhere']),
      chat.alice.run(['rooms', 'list', '--search', 'nowhere', '--json']),
    ])
    expect(pipe).toEqual({code: 0, stdout: '', stderr: 'no rooms\n'})
    expect(json).toMatchObject({code: 0, stdout: '[]\n'})
  })

  test('--limit and --offset turn the pages, and stderr says how to go on', async () => {
    const first = await chat.alice.run(['rooms', 'list', '--limit', '2', '--json'])
    expect(first.stderr).toBe('more: use --offset 2\n')
    const rest = await chat.alice.run(['rooms', 'list', '--limit', '2', '--offset', '2', '--json'])
    expect(rest.stderr).toBe('')
    const all = [...documentOf<Fields[]>(first), ...documentOf<Fields[]>(rest)]
    expect(names(all).sort()).toEqual(['a-closed', 'a-open', 'b-open', 'general'])
  })

  test.each([
    ['--limit', '0'],
    ['--limit', '101'],
    ['--limit', 'ten'],
    ['--offset', '-1'],
  ])('%s %s is a usage error', async (flag, value) => {
    const {code, stderr} = await chat.alice.run(['rooms', 'list', flag, value])
    expect(code).toBe(2)
    expect(stderr).toMatch(new RegExp(`^error: ${flag} wants a whole number`))
  })
})

describe.each(DIALECTS)('rooms list --all over 250 rooms, %s', dialect => {
  const chat = useChat({dialect})
  const created = Array.from({length: 250}, (_, index) => `many-${index}`)
  beforeAll(async () => {
    await Promise.all(created.map(name => chat.call('alice', 'POST', '/rooms', {name})))
  })

  test('all of them come once, as one array and as lines', async () => {
    const args = ['rooms', 'list', '--all']
    const [json, pipe] = await Promise.all([chat.alice.run([...args, '--json']), chat.alice.run(args)])
    expect(names(documentOf(json)).sort()).toEqual(['general', ...created].sort())
    expect(new Set(pipe.stdout.trimEnd().split('\n')).size).toBe(251)
    expect(json.stderr + pipe.stderr).toBe('')
  })

  test('--all narrows down by --search, too', async () => {
    const run = await chat.alice.run(['rooms', 'list', '--all', '--search', 'many-24', '--json'])
    expect(documentOf<Fields[]>(run)).toHaveLength(11)
  })

  test('without --all a full page says that there is more', async () => {
    const {stdout, stderr} = await chat.alice.run(['rooms', 'list'])
    expect(stdout.split('\n')).toHaveLength(51)
    expect(stderr).toBe('more: use --offset 50\n')
  })
})
