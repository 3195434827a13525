import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {DIALECTS, errorOf, RFC_3339, recordsOf, rowsOf, useChat} from '../../support/chat.js'
import {type Redis, startRedis} from '../../support/redis.js'
import {atTerminal, type Running} from '../../support/veza.js'

let redis: Redis
let streams = 0

beforeAll(async () => {
  redis = await startRedis()
})

afterAll(() => redis.kill())

/** The key of a stream that no other test has. */
function newStream(): string {
  streams += 1
  return `jobs-${streams}`
}

async function add(stream: string, fields: Readonly<Record<string, string | number>>): Promise<string> {
  return String(await redis.command('XADD', stream, '*', ...Object.entries(fields).flat().map(String)))
}

/** Resolves when the relay has told of so many entries. */
async function told(relay: Running, count: number): Promise<void> {
  await relay.sees('stdout', new RegExp(`^(.*\n){${count}}`))
}

async function stop(relay: Running) {
  relay.child.kill('SIGTERM')
  return relay.ended
}

describe.each(DIALECTS)('relay stream, %s', dialect => {
  const chat = useChat({dialect})
  const env = () => ({VEZA_REDIS_URL: redis.url})

  test('each entry goes to its room, in its order, and is acknowledged', async () => {
    const [stream, room, other] = [newStream(), await chat.room(), await chat.room()]
    const relay = chat.alice.start(['relay', 'stream', stream, '--json'], {env: env()})
    await relay.sees('stderr', `ready: relaying ${stream} into rooms\n`)
    const [parent] = await chat.post(room.id, ['a question'])
    const ids = [
      await add(stream, {content: 'one', room_id: room.id}),
      await add(stream, {content: 'two "quoted"\u0007\n', room: `#${other.name}`}),
      await add(stream, {content: 'an answer', room: room.name, reply_to: parent!, unknown: 'x'}),
    ]
    await told(relay, 3)
    const run = await stop(relay)
    const [one, two, answer] = recordsOf(run)
    expect(one).toEqual({
      stream,
      entry_id: ids[0],
      room_id: room.id,
      message_id: expect.any(Number),
      result: 'sent',
      at: expect.stringMatching(RFC_3339),
    })
    expect(two).toMatchObject({entry_id: ids[1], room_id: other.id, result: 'sent'})
    const rows = rowsOf(await chat.call('alice', 'GET', `/rooms/${room.id}/messages`), 'messages')
    expect(rows.map(({id}) => id)).toEqual([answer!.message_id, one!.message_id, parent])
    expect(rows[0]!.parent_id ?? rows[0]!.parent_message_id).toBe(parent)
    expect(await chat.contents(other.id)).toEqual(['two "quoted"\u0007\n'])
    expect(((await redis.command('XPENDING', stream, 'veza')) as unknown[])[0]).toBe(0)
    expect(run.code).toBe(143)
    expect(run.stderr).toMatch(
      /\nended: terminated; 3 messages sent; \d+\.\d s; the next run goes on from here\n/,
    )
  })

  test('the next run goes on where this one ended, and begins where it is told to', async () => {
    const [stream, room] = [newStream(), await chat.room()]
    await add(stream, {content: 'before'})
    const args = ['relay', 'stream', stream, '--room', room.name, '--json']
    const first = chat.alice.start(args, {env: env()})
    await first.sees('stderr', 'ready: ')
    await add(stream, {content: 'one', room_id: 999, reply_to: 'nothing'})
    await told(first, 1)
    await stop(first)
    await add(stream, {content: 'two'})
    const second = chat.alice.start(args, {env: env()})
    await told(second, 1)
    await stop(second)
    expect(await chat.contents(room.id)).toEqual(['one', 'two'])
    const third = chat.alice.start([...args, '--group', 'other', '--from-start'], {env: env()})
    await told(third, 3)
    await stop(third)
    expect(await chat.contents(room.id)).toEqual(['one', 'two', 'before', 'one', 'two'])
  })

  test('a template makes the text of any fields, from the command line or a file', async () => {
    const [stream, room] = [newStream(), await chat.room()]
    const file = join(chat.alice.folder, `${stream}.txt`)
    writeFileSync(file, '{{#urgent}}!{{/urgent}}{{text}}\\n\n')
    const args = ['relay', 'stream', stream, '--room', String(room.id), '--from-start', '--template']
    await add(stream, {level: 'warn', text: 'disk <full>', urgent: 'yes'})
    for (const [nth, template] of ['{{level}}:\\n{{text}}', `@${file}`].entries()) {
      const relay = chat.alice.start([...args, template, '--group', `g${nth}`], {env: env()})
      await told(relay, 1)
      await stop(relay)
    }
    expect(await chat.contents(room.id)).toEqual(['warn:\ndisk <full>', '!disk <full>\\n'])
  })

  test('what can never be sent is a dead letter, and the next one goes on', async () => {
    const [stream, room] = [newStream(), await chat.room()]
    const relay = chat.alice.start(
      ['relay', 'stream', stream, '--dead-letters', `${stream}-lost`, '--json'],
      {
        env: env(),
      },
    )
    await relay.sees('stderr', 'ready: ')
    const foreign: Record<string, string | number>[] = [
      {anything: 'at all'},
      {content: 'no room'},
      {content: '  ', room_id: room.id},
      {content: 'no such room', room_id: 99_999},
      {content: 'no such name', room: 'nowhere-to-be-found'},
      {content: 'x'.repeat(5000), room_id: room.id},
      {content: 'a parent', room_id: room.id, parent_id: 'x'},
      {content: 'no such parent', room_id: room.id, parent_id: 88_888},
    ]
    const ids: string[] = []
    for (const fields of foreign) ids.push(await add(stream, fields))
    await add(stream, {content: 'good', room_id: room.id})
    await told(relay, 9)
    const run = await stop(relay)
    const records = recordsOf(run)
    expect(records.map(({result}) => result)).toEqual([...Array(8).fill('dead'), 'sent'])
    expect(records[0]).toEqual({
      stream,
      entry_id: ids[0],
      result: 'dead',
      reason: 'there is no text',
      at: expect.any(String),
    })
    const letters = (await redis.command('XRANGE', `${stream}-lost`, '-', '+')) as [string, string[]][]
    expect(letters.map(([, words]) => words.slice(words.indexOf('veza_entry_id')))).toEqual(
      records
        .slice(0, 8)
        .map(({entry_id, reason}) => [
          'veza_entry_id',
          entry_id,
          'veza_reason',
          reason,
          'veza_tries',
          expect.stringMatching(/^[01]$/),
        ]),
    )
    expect(letters[0]![1].slice(0, 2)).toEqual(['anything', 'at all'])
    expect(await chat.contents(room.id)).toEqual(['good'])
    expect(run.stderr).toMatch(/\nended: terminated; 1 message sent, 8 dead letters; /)
  })

  test('several streams at once, each in its own order', async () => {
    const [one, two, room] = [newStream(), newStream(), await chat.room()]
    const relay = chat.alice.start(['relay', 'stream', one, two, '-r', `#${room.name}`, '--json'], {
      env: env(),
    })
    await relay.sees('stderr', `ready: relaying ${one}, ${two} into rooms\n`)
    for (const content of ['1', '2', '3']) for (const stream of [one, two]) await add(stream, {content})
    await told(relay, 6)
    const records = recordsOf(await stop(relay))
    for (const stream of [one, two]) {
      const ids = records.filter(record => record.stream === stream).map(({entry_id}) => entry_id)
      expect(ids).toEqual([...ids].sort())
      expect(ids).toHaveLength(3)
    }
    expect((await chat.contents(room.id)).sort()).toEqual(['1', '1', '2', '2', '3', '3'])
  })

  test('what comes from the rooms of this server goes to another room, or nowhere', async () => {
    const [stream, room, other] = [newStream(), await chat.room(), await chat.room()]
    const rooms = chat.alice.start(['relay', 'rooms', room.name, '--stream', stream], {env: env()})
    await rooms.sees('stderr', 'ready: ')
    const refused = await chat.alice.run(['relay', 'stream', stream], {env: env()})
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('send them to another room with --room')
    const relay = chat.alice.start(['relay', 'stream', stream, '--room', other.name, '--json'], {env: env()})
    await relay.sees('stderr', 'ready: ')
    await chat.post(room.id, ['from room to room'])
    await told(relay, 1)
    await Promise.all([stop(relay), stop(rooms)])
    expect(await chat.contents(other.id)).toEqual(['from room to room'])
  })

  test('at a terminal, and in a pipe without --json', async () => {
    const [stream, room] = [newStream(), await chat.room()]
    const args = ['relay', 'stream', stream, '--from-start']
    const id = await add(stream, {content: 'one', room_id: room.id})
    const relay = chat.alice.start(args, {env: env()})
    await told(relay, 1)
    expect((await stop(relay)).stdout).toMatch(
      new RegExp(`^${RFC_3339.source}\t${stream}\t${id}\tsent\t${room.id}\t\\d+\t\n$`),
    )
    await add(stream, {content: 'two', room: 'red\u001b[31m'})
    const typing = [{prompt: 'dead', typed: '\u0003'}]
    const {code, screen} = await atTerminal(chat.alice, args, {typing, env: env()})
    expect(code).toBe(130)
    expect(screen).toMatch(/\d\d:\d\d:\d\d\S* jobs-\d+ \d+-0 dead: there is no room "red \[31m"\n/)
    expect(screen).toMatch(/ended: interrupted; 0 messages sent, 1 dead letter; /)
  })
})

describe('what is refused before anything begins', () => {
  const chat = useChat()

  test.each([
    [[], /missing argument STREAMS/],
    [['a', 'a'], /a stream is given twice/],
    [['a', ''], /the name of a stream or group is empty/],
    [['a', 'a:dead'], /the dead letters of a would be read again from a:dead/],
    [['a', '--attempts', '0'], /--attempts wants/],
    [['a', '--template', '{{#open}}'], /--template/],
    [['a', '--template', '@absent.txt'], /absent\.txt does not exist/],
    [['a', '--room', ''], /--room is empty/],
  ])('%j', async (args, message) => {
    const run = await chat.alice.run(['relay', 'stream', ...args], {env: {VEZA_REDIS_URL: redis.url}})
    expect(run.stderr).toMatch(message)
    expect(run.code).toBe(2)
  })

  test('a key that is no stream, a room that there is not, nobody signed in, no address', async () => {
    await redis.command('SET', 'text', 'x')
    const env = {VEZA_REDIS_URL: redis.url}
    const end = async (args: string[], more = {}) => {
      const run = await chat.alice.run(['relay', 'stream', '--json', ...args], {env: {...env, ...more}})
      return [run.code, errorOf(run).message]
    }
    expect(await end(['text'])).toEqual([2, 'the key text of Redis is no stream'])
    expect(await end(['a', '--dead-letters', 'text'])).toEqual([2, expect.stringMatching(/the key text/)])
    expect(await end(['a', '--room', 'nowhere'])).toEqual([7, expect.any(String)])
    expect(await end(['a'], {VEZA_TOKEN: ''})).toEqual([4, expect.any(String)])
    expect(await end(['a'], {VEZA_REDIS_URL: ''})).toEqual([2, expect.stringMatching(/VEZA_REDIS_URL/)])
  })
})
