import {existsSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, type Fields, recordsOf, useChat} from '../../support/chat.js'

const contentsOf = (run: {readonly stdout: string}): unknown[] => recordsOf(run).map(({content}) => content)

describe.each(DIALECTS)('where messages tail begins, %s', dialect => {
  const chat = useChat({dialect})

  test('--since: an id, a time, a duration', async () => {
    const {id, name} = await chat.room()
    const [first, second] = await chat.post(id, ['1', '2', '3'])
    const args = ['messages', 'tail', name, '--json', '--until', '0s', '--since']
    const row = (await chat.call('bob', 'GET', `/rooms/${id}/messages?limit=100`)) as Fields
    const rows = (Array.isArray(row) ? row : row.messages) as Fields[]
    const time = String(rows.find(message => message.id === second)?.created_at)
    const runs = await Promise.all(
      [`${first}`, time, '1h', '0', '2020-01-01'].map(since => chat.alice.run([...args, since])),
    )
    expect(runs.map(({code}) => code)).toEqual([0, 0, 0, 0, 0])
    expect(contentsOf(runs[0]!)).toEqual(['2', '3'])
    // Two messages may have been stored in the same millisecond.
    expect(contentsOf(runs[1]!).slice(-2)).toEqual(['2', '3'])
    for (const run of runs.slice(2)) expect(contentsOf(run)).toEqual(['1', '2', '3'])
    expect(runs[0]?.stderr).toMatch(/\nended: the time of --until has passed; 2 messages; /)
  })

  test('several rooms in one stream, each message with its place', async () => {
    const [one, two] = [await chat.room(), await chat.room()]
    await chat.post(one.id, ['in one'])
    await chat.post(two.id, ['in two'])
    const args = ['messages', 'tail', one.name, '-r', `${two.id}`, '--last', '1', '--count', '3']
    const tail = chat.alice.start([...args, '--json'])
    await tail.sees('stderr', `ready: listening to ${one.name}, ${two.name}\n`)
    await chat.post(two.id, ['live'])
    const end = await tail.ended
    const places = recordsOf(end).map(({content, room_id}) => [content, room_id])
    expect(new Map(places.slice(0, 2) as [string, number][])).toEqual(
      new Map([
        ['in one', one.id],
        ['in two', two.id],
      ]),
    )
    expect(places[2]).toEqual(['live', two.id])
    expect(end.code).toBe(0)
    const text = await chat.alice.run([...args.slice(0, -1), '2'])
    expect(text.stdout.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(new RegExp(`\tbob\tin one\t#${one.name}$`)),
      expect.stringMatching(new RegExp(`\tbob\t(in two|live)\t#${two.name}$`)),
    ])
  })

  test('the same room named twice is one', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['once'])
    const run = await chat.alice.run([
      'messages',
      'tail',
      name,
      `#${name}`,
      `${id}`,
      '-n',
      '1',
      '--until',
      '0s',
    ])
    expect(run.stdout).toMatch(/^\S+\tbob\tonce\n$/)
    expect(run.stderr).toContain(`ready: listening to ${name}\n`)
  })

  test('--all is every room that was joined, and only these', async () => {
    const {id} = await chat.room()
    const [mine] = await chat.post(id, ['mine'], 'alice')
    const other = (await chat.call('bob', 'POST', '/rooms', {name: `of-bob-${dialect}`})) as {id: number}
    await chat.post(other.id, ['his'])
    const run = await chat.alice.run([
      'messages',
      'tail',
      '--all',
      '--since',
      '1h',
      '--json',
      '--until',
      '0s',
    ])
    const records = recordsOf(run)
    expect(records.map(record => record.id)).toContain(mine)
    expect(records.every(record => record.room_id !== other.id)).toBe(true)
    expect(run.stderr).toMatch(/^ready: listening to \d+ rooms\n/m)
    expect(run.code).toBe(0)
  })

  test('a cursor goes on exactly where it ended, whatever else is asked for', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['1', '2', '3'])
    const cursor = join(chat.alice.folder, `${name}-${dialect}.cursor`)
    const args = ['messages', 'tail', name, '--json', '--cursor', cursor]
    const first = await chat.alice.run([...args, '--last', '3', '--count', '2'])
    expect(contentsOf(first)).toEqual(['1', '2'])
    expect(first.stderr).toMatch(new RegExp(`; go on with the same --cursor ${cursor}\n$`))
    await chat.post(id, ['4'])
    const second = await chat.alice.run([...args, '--since', '0', '--until', '0s'])
    expect(contentsOf(second)).toEqual(['3', '4'])
    const third = await chat.alice.run([...args, '--last', '9', '--until', '0s'])
    expect(contentsOf(third)).toEqual([])
  })

  test('what --until leaves out comes with the next run', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['before'])
    await chat.alice.run(['messages', 'tail', name, '--resume', name, '--last', '9', '--until', '0s'])
    await chat.post(id, ['after'])
    const args = ['messages', 'tail', name, '--json', '--resume', name]
    expect(contentsOf(await chat.alice.run([...args, '--until', '2020-01-01']))).toEqual([])
    expect(contentsOf(await chat.alice.run([...args, '--until', '0s']))).toEqual(['after'])
  })
})

describe('the cursor of messages tail', () => {
  const chat = useChat()

  test('what the filters leave out is passed, too', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'tail', name, '--json', '--resume', name]
    await chat.alice.run([...args, '--until', '0s'])
    await chat.post(id, ['yes', 'no'])
    expect(contentsOf(await chat.alice.run([...args, '--grep', 'yes', '--until', '0s']))).toEqual(['yes'])
    expect(contentsOf(await chat.alice.run([...args, '--until', '0s']))).toEqual([])
  })

  test('once it is ready nothing is missed, even after SIGKILL', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'tail', name, '--json', '--resume', name]
    const tail = chat.alice.start(args)
    await tail.sees('stderr', 'ready: ')
    tail.child.kill('SIGKILL')
    await chat.post(id, ['meanwhile'])
    await tail.ended
    expect(contentsOf(await chat.alice.run([...args, '--until', '0s']))).toEqual(['meanwhile'])
  })

  test('a reader that goes away has what the cursor passes', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'tail', name, '--json', '--resume', name]
    const tail = chat.alice.start(args)
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['read'])
    await tail.sees('stdout', 'read')
    tail.child.stdout.destroy()
    await chat.post(id, ['not read'])
    expect((await tail.ended).code).toBe(0)
    expect(contentsOf(await chat.alice.run([...args, '--until', '0s']))).toEqual(['not read'])
  })

  test('two tails do not share one, and no network is needed to say so', async () => {
    const {name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--resume', name])
    await tail.sees('stderr', 'ready: ')
    const other = await chat.alice.run(['messages', 'tail', 'nowhere', '--resume', name])
    expect(other).toMatchObject({code: 8, stdout: ''})
    expect(other.stderr).toMatch(/^error: another veza uses the cursor /)
    tail.child.kill('SIGTERM')
    expect((await tail.ended).code).toBe(143)
  })

  test('that of another account is refused', async () => {
    const {name} = await chat.room()
    const cursor = join(chat.alice.folder, 'of-alice.cursor')
    await chat.alice.run(['messages', 'tail', name, '--cursor', cursor, '--until', '0s'])
    expect(existsSync(cursor)).toBe(true)
    const run = await chat.bob.run(['messages', 'tail', name, '--cursor', cursor])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toContain('belongs to another account: alice')
  })
})
