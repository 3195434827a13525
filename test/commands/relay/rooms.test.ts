import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {entriesOf} from '../../integration/relay/kit.js'
import {DIALECTS, useChat} from '../../support/chat.js'
import {type Redis, startRedis} from '../../support/redis.js'
import {atTerminal, type Running} from '../../support/veza.js'

let redis: Redis
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.kill())

describe.each(DIALECTS)('relay rooms, %s', dialect => {
  const chat = useChat({dialect})
  const env = () => ({VEZA_REDIS_URL: redis.url})
  const start = (...args: string[]): Running => chat.alice.start(['relay', 'rooms', ...args], {env: env()})
  const stop = (relay: Running) => {
    relay.child.kill('SIGTERM')
    return relay.ended
  }

  test('each message becomes an entry with the fields of the message; stdout stays empty', async () => {
    const {id, name} = await chat.room()
    const stream = `fields-${dialect}`
    const relay = start(name, '--stream', stream, '--json')
    await relay.sees('stderr', `ready: relaying 1 room to ${stream}\n`)
    const [first] = await chat.post(id, ['hello\n"world" ☂'])
    const [entry] = await entriesOf(redis, 1, stream)
    expect(entry).toMatchObject({
      id: String(first),
      room_id: String(id),
      author_id: '3',
      username: 'bob',
      content: 'hello\n"world" ☂',
      created_at: expect.any(String),
    })
    expect(
      Object.keys(entry!).filter(field => ['late', 'message_id', 'parent_message_id'].includes(field)),
    ).toEqual([])
    const {code, stdout, stderr} = await stop(relay)
    expect([code, stdout]).toEqual([143, ''])
    expect(stderr).toMatch(
      /ended: terminated; 1 message relayed; \d+\.\d s; the next run goes on from here\n/,
    )
  })

  test('the next run goes on where this one ended; --last is for rooms that were never relayed', async () => {
    const {id, name} = await chat.room()
    const stream = `next-${dialect}`
    const args = [name, '--stream', stream, '--last', '2']
    await chat.post(id, ['one', 'two', 'three'])
    const first = start(...args)
    await entriesOf(redis, 2, stream)
    await first.sees('stderr', 'ready: ')
    await stop(first)
    await chat.post(id, ['four', 'five', 'six'])
    const second = start(...args)
    const entries = await entriesOf(redis, 5, stream)
    expect(entries.map(({content}) => content)).toEqual(['two', 'three', 'four', 'five', 'six'])
    expect((await stop(second)).stderr).toContain('3 messages relayed')
  })

  test('--since a message; --max-len', async () => {
    const {id, name} = await chat.room()
    const stream = `since-${dialect}`
    const [one] = await chat.post(id, ['one', 'two', 'three'])
    const relay = start(name, '--stream', stream, '--since', String(one), '--max-len', '1000')
    const entries = await entriesOf(redis, 2, stream)
    expect(entries.map(({content}) => content)).toEqual(['two', 'three'])
    await stop(relay)
  })

  test('--since a time', async () => {
    const {id, name} = await chat.room()
    const stream = `time-${dialect}`
    await chat.post(id, ['one', 'two'])
    const relay = start(name, '--stream', stream, '--since', '1h')
    const entries = await entriesOf(redis, 2, stream)
    expect(entries.map(({content}) => content)).toEqual(['one', 'two'])
    await stop(relay)
  })

  test('without rooms all that the account has joined', async () => {
    const {id} = await chat.room()
    const stream = `all-${dialect}`
    const relay = start('--stream', stream, '--log-format', 'json')
    const text = await relay.sees('stderr', '"event":"ready"')
    const ready = JSON.parse(text.split('\n').find(line => line.includes('"event":"ready"'))!)
    expect(ready).toMatchObject({stream, members: 1, level: 'info'})
    expect(ready.rooms).toBe(ready.of)
    expect(ready.rooms).toBeGreaterThan(3)
    await chat.post(id, ['hello'])
    expect(await entriesOf(redis, 1, stream)).toMatchObject([{content: 'hello'}])
    await stop(relay)
  })

  test('metrics', async () => {
    const {id, name} = await chat.room()
    const stream = `metrics-${dialect}`
    const relay = start(name, '--stream', stream, '--metrics-listen', '127.0.0.1:0')
    const [, url = ''] = /metrics: (\S+)/.exec(await relay.sees('stderr', /metrics: \S+\n.*ready: /s)) ?? []
    await chat.post(id, ['hello', 'world'])
    await entriesOf(redis, 2, stream)
    const text = await (await fetch(url)).text()
    for (const line of [
      'veza_relay_messages_total{direction="in"} 2',
      'veza_relay_rooms 1',
      'veza_relay_members 1',
      'veza_relay_takeovers_total 0',
      'veza_relay_fenced_total 0',
      'veza_relay_pending_messages 0',
      'veza_redis_connected 1',
      'veza_ready 1',
    ])
      expect(text).toContain(`\n${line}\n`)
    await stop(relay)
  })

  test('at a terminal', async () => {
    const {name} = await chat.room()
    const args = ['relay', 'rooms', name, '--stream', `terminal-${dialect}`]
    const typing = [{prompt: 'ready: ', typed: '\u0003'}]
    const {code, screen} = await atTerminal(chat.alice, args, {typing, env: env()})
    expect(code).toBe(130)
    expect(screen).toContain(`ready: relaying 1 room to terminal-${dialect}\n`)
    expect(screen).toContain('ended: interrupted; 0 messages relayed; ')
  })

  test.each([
    [['general'], 'error: --stream is missing\nhint: give the key of the stream to write to\n'],
    [['general', '--stream', ' '], 'error: --stream is missing\n'],
    [
      ['general', '--stream', 's', '--last', '1', '--since', '1'],
      'error: give --since or --last, not both\n',
    ],
    [['general', '--stream', 's', '--max-len', '0'], 'error: --max-len '],
  ])('%j is a usage error', async (args, text) => {
    const run = await chat.alice.run(['relay', 'rooms', ...args], {env: env()})
    expect([run.code, run.stdout]).toEqual([2, ''])
    expect(run.stderr.startsWith(text)).toBe(true)
  })

  test('without VEZA_REDIS_URL, and with a room that is not there', async () => {
    const without = await chat.alice.run(['relay', 'rooms', '--stream', 's'])
    expect(without.code).toBe(2)
    expect(without.stderr).toMatch(/^error: VEZA_REDIS_URL is missing\nhint: /)
    const unknown = await chat.alice.run(['relay', 'rooms', 'nowhere', '--stream', `nowhere-${dialect}`], {
      env: env(),
    })
    expect(unknown.code).toBe(7)
  })

  test('a named room that may not be read ends it', async () => {
    const body = {name: `secret-${dialect}`, is_public: false}
    const {id} = (await chat.call('admin', 'POST', '/rooms', body)) as {id: number}
    const run = await chat.alice.run(['relay', 'rooms', String(id), '--stream', `secret-${dialect}`], {
      env: env(),
    })
    expect([run.code, run.stdout]).toEqual([9, ''])
    expect(run.stderr).toContain(`error: #${id}: `)
  })
})
