import {beforeAll, describe, expect, test} from 'vitest'
import {DIALECTS, ESCAPE, errorOf, RFC_3339, recordsOf, useChat} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {atTerminal, makeHome} from '../../support/veza.js'

const reading = (label: string) => `the server cannot search: reading the history of ${label}\n`

describe.each(DIALECTS)('messages search, %s', dialect => {
  const chat = useChat({dialect})
  let room = {id: 0, name: ''}
  let other = {id: 0, name: ''}
  let ids: number[] = []
  let others: number[] = []
  const contents = ['First needle', 'nothing', 'a (needle)', 'Needle 42', 'needle\u001b[31m\nmore needle']
  beforeAll(async () => {
    room = await chat.room()
    other = await chat.room()
    ids = await chat.post(room.id, contents.slice(0, 4), 'bob')
    others = await chat.post(other.id, ['needle elsewhere'], 'alice')
    ids.push(...(await chat.post(room.id, contents.slice(4), 'alice')))
  })
  const find = async (...args: string[]) => {
    const run = await chat.bob.run(['messages', 'search', '--json', ...args])
    expect(run.code).toBe(0)
    return recordsOf(run).map(row => row.content)
  }

  test('a pipe gets matches newest first, and stderr what was read', async () => {
    const run = await chat.bob.run(['messages', 'search', 'needle', room.name])
    expect(run.stderr).toBe(`${reading(room.name)}4 matches in 5 messages of ${room.name}\n`)
    expect(run.stdout.split('\n').map(line => line.split('\t'))).toEqual([
      [expect.stringMatching(RFC_3339), 'alice', 'needle⏎more needle'],
      [expect.stringMatching(RFC_3339), 'bob', 'Needle 42'],
      [expect.stringMatching(RFC_3339), 'bob', 'a (needle)'],
      [expect.stringMatching(RFC_3339), 'bob', 'First needle'],
      [''],
    ])
    expect((await chat.bob.run(['messages', 'search', 'needle', room.name, '-q'])).stderr).toBe('')
  })

  test('several rooms are searched as one, and each match says where it is', async () => {
    const run = await chat.bob.run(['messages', 'search', 'needle', room.name, other.name])
    expect(run.stderr).toContain('5 matches in 6 messages of ')
    expect(run.stdout.split('\n').map(line => line.split('\t').slice(2).join(' '))).toEqual([
      `needle⏎more needle #${room.name}`,
      `needle elsewhere #${other.name}`,
      `Needle 42 #${room.name}`,
      `a (needle) #${room.name}`,
      `First needle #${room.name}`,
      '',
    ])
    const json = await chat.bob.run([
      'messages',
      'search',
      'elsewhere',
      room.name,
      '-r',
      other.name,
      '--json',
    ])
    expect(recordsOf(json)).toMatchObject([{id: others[0], room_id: other.id, room_name: other.name}])
  })

  test('--all-rooms is every room that was joined', async () => {
    expect(await find('needle', '--all-rooms', '--limit', '2')).toEqual([contents[4], 'needle elsewhere'])
    expect(await find('elsewhere', '--all-rooms')).toEqual(['needle elsewhere'])
  })

  test('a text is no expression; case is as the text has it', async () => {
    expect(await find('(NEEDLE)', room.name, '-i')).toEqual(['a (needle)'])
    expect(await find('Needle', room.name)).toEqual(['Needle 42'])
    expect(await find('first', room.name)).toEqual(['First needle'])
    expect(await find('first', room.name, '--case-sensitive')).toEqual([])
    expect(await find('--regex', String.raw`^n\S+ \d+$`, room.name)).toEqual(['Needle 42'])
    expect(await find('--', '-x', room.name)).toEqual([])
  })

  test('--from, --since, --until and --limit', async () => {
    expect(await find('needle', room.name, '--from', 'alice')).toEqual([contents[4]])
    expect(await find('needle', room.name, '--since', `${ids[2]}`)).toEqual([contents[4], contents[3]])
    expect(await find('needle', room.name, '--since', '1h', '--until', `${ids[2]}`)).toEqual([
      contents[2],
      contents[0],
    ])
    const run = await chat.bob.run(['messages', 'search', 'needle', room.name, '--limit', '2'])
    expect(run.stderr.split('\n').at(-2)).toBe(`perhaps more: use --until ${Number(ids[3]) - 1}`)
    expect(await find('needle', room.name, '--until', `${Number(ids[3]) - 1}`)).toEqual([
      contents[2],
      contents[0],
    ])
  })

  test('nothing found is told, and is no failure', async () => {
    const run = await chat.bob.run(['messages', 'search', 'haystack', room.name, '--json'])
    expect(run).toEqual({
      code: 0,
      stdout: '',
      stderr: `${reading(room.name)}0 matches in 5 messages of ${room.name}\n`,
    })
  })

  test('a person sees what was found set off, and its id', async () => {
    const {screen} = await atTerminal(chat.bob, ['messages', 'search', 'needle', room.name])
    const marked = `${ESCAPE}[1m${ESCAPE}[33mneedle${ESCAPE}[39m${ESCAPE}[22m`
    expect(screen).toContain(`: ${marked}\n         more ${marked}\n`)
    expect(screen).toContain(`First ${marked}`)
    const plain = screen.replaceAll(new RegExp(`${ESCAPE}\\[[\\d;]+m`, 'g'), '')
    expect(plain).toContain(`#${room.name} ${ids[3]} bob: Needle 42\n`)
  })

  test('an expression that takes for ever on a message ends with 2, and names it', async () => {
    const {id, name} = await chat.room()
    const [poison] = await chat.post(id, [`${'a'.repeat(60)}!`])
    const run = await chat.bob.run(['messages', 'search', '--regex', '^(a+)+$', name, '-q'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(
      new RegExp(`^error: the regular expression takes too long on message ${poison}\nhint: `),
    )
  })
})

test.each([
  [[], 'TEXT'],
  [['x'], 'the room is missing\nhint: give ROOMS, VEZA_ROOM, or --all-rooms'],
  [['', 'general'], 'TEXT is empty'],
  [['--regex', '(', 'general'], 'TEXT is no regular expression'],
  [['x', 'general', '--all-rooms'], 'give rooms or --all-rooms, not both'],
  [['x', 'general', '-i', '--case-sensitive'], 'not both'],
  [['x', 'general', '--limit', '0'], '--limit'],
])('messages search %j is a usage error', async (args, problem) => {
  const run = await makeHome({VEZA_TOKEN: 'x'}).run(['messages', 'search', ...args])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr.toUpperCase()).toContain(problem.toUpperCase())
})

test('unknown rooms and people are 7', async () => {
  const home = homeOf(await openSandbox())
  const run = await home.run(['messages', 'search', 'x', 'nowhere', '--json'])
  expect(run.code).toBe(7)
  expect(errorOf(run)).toMatchObject({code: 'not_found'})
  expect((await home.run(['messages', 'search', 'x', 'general', '--from', 'nobody'])).code).toBe(7)
})
