import {describe, expect, test} from 'vitest'
import type {Frame} from '../../../src/contract/resources.js'
import {DIALECTS, recordsOf, useChat} from '../../support/chat.js'
import {atTerminal} from '../../support/veza.js'

describe.each(DIALECTS)('api ws, %s', dialect => {
  const chat = useChat({dialect})

  test('sends a frame and prints its answer', async () => {
    const args = ['api', 'ws', 'get_history', '-F', 'room_id=1', '-F', 'limit=2', '--type', 'room_history']
    const run = await chat.alice.run([...args, '--count', '1'])
    expect(run.code).toBe(0)
    expect(recordsOf<Frame>(run)).toEqual([
      {type: 'room_history', data: expect.objectContaining({room_id: 1})},
    ])
    expect(run.stderr).toMatch(/^ready: http:\S+\nended: done; 1 frame; [\d.]+ s\n$/)
  })

  test('frames come in from stdin, and events come out exactly', async () => {
    const {id} = await chat.room()
    const running = chat.bob.start(['api', 'ws', '--input', '-', '--type', 'room_message', '--count', '1'], {
      stdin: 'open',
    })
    running.child.stdin.write(`${JSON.stringify({type: 'join_room', data: {room_id: id}})}\n`)
    const hostile = '\u001b[2J "quoted"\n\u202e'
    const send = {type: 'send_message', data: {room_id: id, content: hostile}}
    running.child.stdin.write(`${JSON.stringify(send)}\n`)
    const run = await running.ended
    expect(recordsOf<Frame>(run)[0]?.data).toMatchObject({content: hostile, room_id: id})
    expect(run.code).toBe(0)
  })

  test('an error frame comes out, and gives the exit code at the end', async () => {
    const args = [
      'api',
      'ws',
      'get_room_stats',
      '-F',
      'room_id=99',
      '--type',
      'error',
      '--count',
      '1',
      '--json',
    ]
    const run = await chat.alice.run(args)
    expect(run.code).toBe(7)
    expect(recordsOf<Frame>(run)[0]).toMatchObject({type: 'error', data: {code: 'ROOM_NOT_FOUND'}})
    expect(run.stderr).toContain('"server_code":"ROOM_NOT_FOUND"')
  })

  test('disconnect ends it with 0', async () => {
    const run = await chat.alice.run(['api', 'ws', 'disconnect', '-f', 'reason=done'])
    expect(run.code).toBe(0)
  })

  test('ends when nothing comes any more', async () => {
    const run = await chat.alice.run(['api', 'ws', 'ping', '--idle-timeout', '300ms'])
    expect(run.code).toBe(0)
    expect(recordsOf<Frame>(run).map(frame => frame.type)).toContain('pong')
  })

  test('a person gets a record a line', async () => {
    const {screen, code} = await atTerminal(chat.alice, [
      'api',
      'ws',
      'ping',
      '--type',
      'pong',
      '--count',
      '1',
    ])
    expect(code).toBe(0)
    expect(screen).toMatch(/\{"type":"pong","data":\{.*\}\}\n/)
  })
})

describe('api ws, what goes wrong', () => {
  const chat = useChat()

  test('a line that is no frame is 2, with its number', async () => {
    const run = await chat.alice.run(['api', 'ws', '--input', '-'], {stdin: '{"type":"ping"}\n\n[1]\n'})
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('stdin: line 3: a frame is not an object')
  })

  test('a refused token is 4, or renewed', async () => {
    const run = await chat.alice.run(['api', 'ws', 'ping', '--count', '5', '--json'], {
      env: {VEZA_TOKEN: 'no-token'},
    })
    expect(run.code).toBe(4)
    expect(run.stderr).toContain('{"error":{"code":"signed_out"')
  })

  test('the server gone is 6', async () => {
    const run = await chat.alice.run(['api', 'ws'], {env: {VEZA_SERVER: 'http://127.0.0.1:1'}})
    expect(run.code).toBe(6)
  })

  test('SIGINT ends it with 130', async () => {
    const running = chat.alice.start(['api', 'ws'])
    await running.sees('stderr', 'ready:')
    running.child.kill('SIGINT')
    expect((await running.ended).code).toBe(130)
  })

  test.each([
    [['-f', 'a=b'], /want the TYPE/],
    [['ping', '--input', '-'], /not both/],
    [['--count', '0'], /--count/],
  ])('%j is 2', async (args, message) => {
    const run = await chat.alice.run(['api', 'ws', ...args])
    expect(run.code).toBe(2)
    expect(run.stderr).toMatch(message)
  })
})
