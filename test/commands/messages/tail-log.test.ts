import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {type Fields, RFC_3339, useChat} from '../../support/chat.js'
import {homeOf} from '../../support/sandbox.js'

/** The lines of a log; throws for one that is no JSON. */
function linesOf(stderr: string): Fields[] {
  return stderr
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

describe('--log-format json', () => {
  const chat = useChat({control: true})

  it('has every line on stderr as an object, from ready to the end, over a broken connection', async () => {
    const {id, name} = await chat.room()
    const tail = chat.alice.start(['messages', 'tail', name, '--log-format', 'json', '--count', '1'])
    await tail.sees('stderr', '"event":"ready"')
    await fetch(`${chat.url}/sandbox/faults`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({kind: 'drop'}),
    })
    await tail.sees('stderr', '"event":"reconnected"')
    await chat.post(id, ['hi'])
    const {code, stderr} = await tail.ended
    const lines = linesOf(stderr)
    expect(code).toBe(0)
    expect(lines.map(({event}) => event)).toEqual([
      'ready',
      'disconnected',
      'reconnecting',
      'reconnected',
      'ended',
    ])
    expect(lines[0]).toMatchObject({level: 'info', rooms: [{room_id: id, last_id: 0}]})
    expect(lines[1]).toMatchObject({reason: 'unreachable', close_code: 1006})
    expect(lines[3]).toMatchObject({down_ms: expect.any(Number)})
    expect(lines[4]).toMatchObject({reason: 'done', exit_code: 0})
    expect(lines[4]?.message).toMatch(/^ended: done; 1 message; /)
    for (const {time} of lines) expect(time).toMatch(RFC_3339)
  })

  it.each([
    ['the flag', ['--log-format', 'json'], {}],
    ['the variable', [], {VEZA_LOG_FORMAT: 'json'}],
  ])('has errors as lines, also those of the command line, by %s', async (_by, flags, env) => {
    for (const [args, code] of [
      [['--nonsense'], 'usage'],
      [['no such room'], 'not_found'],
    ] as const) {
      const {stderr} = await chat.alice.run(['messages', 'tail', ...args, ...flags], {env})
      expect(linesOf(stderr)).toEqual([
        expect.objectContaining({level: 'error', event: 'error', error: expect.objectContaining({code})}),
      ])
    }
  })

  it('is text again with the flag, and is not for commands that end at once', async () => {
    const env = {VEZA_LOG_FORMAT: 'json'}
    const tail = await chat.alice.run(['messages', 'tail', 'none', '--log-format', 'text'], {env})
    expect(tail.stderr).toMatch(/^error: /)
    const get = await chat.alice.run(['rooms', 'get', 'none'], {env})
    expect(get.stderr).toMatch(/^error: /)
  })

  it('shows no password and no token, whatever repeats them', async () => {
    const home = homeOf(chat, 'alice', {VEZA_PASSWORD: 'correct-horse'})
    const args = ['messages', 'tail', 'correct-horse', '--log-format', 'json', '--debug']
    const {code, stderr} = await home.run(args)
    expect(code).toBe(4)
    expect(stderr).not.toContain('correct-horse')
  })

  it('has warnings of Node itself and defects as lines, too', async () => {
    const {name} = await chat.room()
    const preload = join(chat.alice.folder, 'preload.cjs')
    writeFileSync(
      preload,
      "process.on('SIGUSR2', () => { process.emitWarning('odd', 'OddWarning'); setImmediate(() => { throw new Error('boom') }) })",
    )
    const args = ['messages', 'tail', name, '--log-format', 'json', '--debug']
    const tail = chat.alice.start(args, {env: {NODE_OPTIONS: `--require ${preload}`}})
    await tail.sees('stderr', '"event":"ready"')
    tail.child.kill('SIGUSR2')
    const {code, stderr} = await tail.ended
    const lines = linesOf(stderr)
    expect(lines).toContainEqual(
      expect.objectContaining({level: 'warn', event: 'warning', message: 'OddWarning: odd'}),
    )
    expect(lines.at(-1)).toEqual({
      time: expect.stringMatching(RFC_3339),
      level: 'error',
      event: 'error',
      message: 'a defect of veza itself: boom',
      error: expect.objectContaining({code: 'bug', exit_code: 70, message: 'a defect of veza itself: boom'}),
      stack: expect.stringContaining('preload.cjs'),
    })
    expect(code).toBe(70)
  })

  it('is wrong as anything else', async () => {
    const {code, stderr} = await chat.alice.run(['messages', 'tail', '1'], {env: {VEZA_LOG_FORMAT: 'yaml'}})
    expect([code, stderr]).toEqual([2, 'error: VEZA_LOG_FORMAT wants one of: text, json\n'])
  })
})
