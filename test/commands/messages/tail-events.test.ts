import {describe, expect, test} from 'vitest'
import {DIALECTS, type Fields, RFC_3339, recordsOf, signIn, useChat} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'

/** The records that are no message; each has the fields that all of them have. */
function eventsOf(run: {readonly stdout: string}): Fields[] {
  const events = recordsOf(run).filter(record => 'event' in record)
  for (const event of events) expect(event).toMatchObject({v: 1, at: expect.stringMatching(RFC_3339)})
  return events
}

const NOTHING = {duplicates: 0, reconnects: 0, gap_filled: 0, late: 0, dropped: 0}

describe.each(DIALECTS)('messages tail --events, %s', dialect => {
  const chat = useChat({dialect})

  test('ready comes behind history, end comes last, messages are as they are without', async () => {
    const {id, name} = await chat.room()
    const [message] = await chat.post(id, ['one'])
    const args = ['messages', 'tail', name, '--last', '1', '--json', '--idle-timeout', '1s']
    const run = await chat.alice.run([...args, '--events', '--resume', `events-${dialect}`])
    const [first, ready, end, ...rest] = recordsOf(run)
    expect(rest).toEqual([])
    expect([first]).toEqual(recordsOf(await chat.alice.run(args)))
    expect(first).not.toHaveProperty('event')
    expect(ready).toMatchObject({event: 'ready', v: 1, rooms: [{room_id: id, last_id: message}]})
    expect(end).toMatchObject({
      event: 'end',
      v: 1,
      reason: 'idle',
      cursor: expect.stringMatching(new RegExp(`cursors.events-${dialect}\\.json$`)),
      counts: {...NOTHING, printed: 1, delivered: 1},
    })
    expect(run.code).toBe(0)
  })

  test.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGTERM', 143, 'terminated'],
  ] as const)('%s: the last record says so', async (signal, code, reason) => {
    const {name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--json', '--events'])
    await tail.sees('stdout', '"event":"ready"')
    tail.child.kill(signal)
    const run = await tail.ended
    expect(run.code).toBe(code)
    expect(eventsOf(run).at(-1)).toMatchObject({event: 'end', reason})
  })

  test('--timeout, --count and a refusal: so do they', async () => {
    const {id, name} = await chat.room()
    await chat.post(id, ['one'])
    const args = ['messages', 'tail', name, '--json', '--events']
    const runs = await Promise.all([
      chat.alice.run([...args, '--timeout', '3s']),
      chat.alice.run([...args, '--last', '1', '--count', '1']),
      chat.alice.run(['messages', 'tail', '4711', '--json', '--events']),
    ])
    expect(runs.map(({code}) => code)).toEqual([124, 0, 7])
    expect(runs.map(run => eventsOf(run).at(-1)?.reason)).toEqual(['timeout', 'count', 'not_found'])
  })
})

describe.each(DIALECTS)('messages tail when things go wrong, %s', dialect => {
  test('a broken connection: disconnected, gap_filled, reconnected, with all messages', async () => {
    const sandbox = await openSandbox({dialect})
    const tail = homeOf(sandbox).start(['messages', 'tail', 'general', '--json', '--events', '--count', '2'])
    await tail.sees('stdout', '"event":"ready"')
    sandbox.faults.arm({kind: 'swallow'})
    await post(sandbox.url, 'while it is down')
    sandbox.faults.arm({kind: 'close', code: 1012})
    await tail.sees('stdout', '"event":"reconnected"')
    await post(sandbox.url, 'live')
    const run = await tail.ended
    expect(eventsOf(run).map(({event}) => event)).toEqual([
      ...['ready', 'disconnected', 'gap_filled', 'reconnected', 'end'],
    ])
    const [, disconnected, gap, reconnected, end] = eventsOf(run)
    const messages = recordsOf(run).filter(record => !('event' in record))
    expect(messages.map(({content}) => content)).toEqual(['while it is down', 'live'])
    expect(disconnected).toMatchObject({reason: 'unreachable', close_code: 1012})
    expect(gap).toMatchObject({room_id: 1, from: messages[0]?.id, to: messages[0]?.id, count: 1})
    expect(reconnected?.down_ms).toBeGreaterThanOrEqual(0)
    expect(end?.counts).toEqual({...NOTHING, printed: 2, delivered: 2, reconnects: 1, gap_filled: 1})
  })

  test('a message that the server forgot to send comes late, and says so', async () => {
    const sandbox = await openSandbox({dialect})
    const home = homeOf(sandbox)
    const tail = home.start(['messages', 'tail', 'general', '--json', '--events', '--idle-timeout', '2s'])
    await tail.sees('stdout', '"event":"ready"')
    sandbox.faults.arm({kind: 'swallow'})
    await post(sandbox.url, 'forgotten')
    const run = await tail.ended
    const records = recordsOf(run)
    const at = records.findIndex(({event}) => event === 'late')
    expect(records[at]).toMatchObject({room_id: 1, id: records[at + 1]?.id})
    expect(records[at + 1]).toMatchObject({content: 'forgotten', late: true})
    expect(records.at(-1)).toMatchObject({event: 'end', counts: {printed: 1, late: 1}})
    expect(run.code).toBe(0)
  })
})

describe.each(DIALECTS)('messages tail --types, %s', dialect => {
  const chat = useChat({dialect})

  test('reactions come out exactly, and count; others do not', async () => {
    const {id, name} = await chat.room()
    const [message] = await chat.post(id, ['one'])
    const args = ['messages', 'tail', name, '--json', '--types', 'reaction', '--count', '1']
    const tail = chat.alice.start(args)
    await tail.sees('stderr', 'ready: ')
    await chat.post(id, ['not wanted'])
    await chat.call('bob', 'POST', `/messages/${message}/reactions`, {emoji: '👍'})
    const run = await tail.ended
    const data = {message_id: message, room_id: id, emoji: '👍', user_id: 3, username: 'bob'}
    expect(recordsOf(run)).toEqual([
      {event: 'reaction_added', v: 1, at: expect.stringMatching(RFC_3339), data},
    ])
    expect(run.code).toBe(0)
  })

  test('message,reaction in a pipe: one line each, in order', async () => {
    const {id, name} = await chat.room()
    const args = ['messages', 'tail', name, '--types', 'message,reaction', '--count', '2']
    const tail = chat.alice.start(args)
    await tail.sees('stderr', 'ready: ')
    const [message] = await chat.post(id, ['one'])
    await tail.sees('stdout', 'one')
    await chat.call('bob', 'POST', `/messages/${message}/reactions`, {emoji: '👍'})
    const {stdout} = await tail.ended
    expect(stdout).toMatch(new RegExp(`^\\S+\tbob\tone\n\\S+\t\\*\tbob reacted 👍 to #${message}\n$`))
  })
})

test('without --events and --types stdout has messages only', async () => {
  const sandbox = await openSandbox()
  const tail = homeOf(sandbox).start(['messages', 'tail', 'general', '--json', '--idle-timeout', '2s'])
  await tail.sees('stderr', 'ready: ')
  await post(sandbox.url, 'one')
  await tail.sees('stdout', 'one')
  sandbox.faults.arm({kind: 'drop'})
  const run = await tail.ended
  expect(recordsOf(run).map(({content}) => content)).toEqual(['one'])
})

async function post(url: string, content: string): Promise<void> {
  const headers = {authorization: `Bearer ${await signIn(url, 'bob')}`, 'content-type': 'application/json'}
  const body = JSON.stringify({content})
  const response = await fetch(`${url}/api/v1/rooms/1/messages`, {method: 'POST', headers, body})
  expect(response.status).toBe(201)
}
