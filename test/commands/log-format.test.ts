import {createHmac} from 'node:crypto'
import {describe, expect, it} from 'vitest'
import {type Fields, RFC_3339, useChat} from '../support/chat.js'
import {closedPort} from '../support/http-stub.js'

const SECRET = 'a secret of hooks'
const AS_JSON = {VEZA_LOG_FORMAT: 'json'}

/** The lines of a log; throws for one that is no JSON. */
function linesOf(stderr: string): Fields[] {
  return stderr
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

const eventsOf = (lines: readonly Fields[]) => lines.map(({event}) => event)

describe('--log-format json of other commands that run for long', () => {
  const chat = useChat()

  it('presence watch: ready, ended, and why it failed', async () => {
    const watch = chat.alice.start(['presence', 'watch', '--count', '1', '--log-format', 'json'])
    await watch.sees('stderr', '"event":"ready"')
    await chat.bob.run(['presence', 'set', 'busy'])
    const lines = linesOf((await watch.ended).stderr)
    expect(eventsOf(lines)).toEqual(['ready', 'ended'])
    for (const {time} of lines) expect(time).toMatch(RFC_3339)
    const {code, stderr} = await chat.alice.run(['presence', 'watch', '--user', 'nobody'], {env: AS_JSON})
    expect([code, linesOf(stderr)]).toEqual([
      7,
      [expect.objectContaining({level: 'error', error: expect.objectContaining({code: 'not_found'})})],
    ])
  })

  it('webhooks listen: where it listens, what it refuses, and never its secret', async () => {
    const env = {...AS_JSON, VEZA_WEBHOOK_SECRET: SECRET}
    const listen = chat.alice.start(['webhooks', 'listen', '--count', '1'], {env})
    const [ready] = linesOf(await listen.sees('stderr', '"event":"ready"'))
    expect(ready).toMatchObject({event: 'ready', url: ready?.message})
    const body = JSON.stringify({event: SECRET})
    const post = (signature: string) =>
      fetch(String(ready?.url), {method: 'POST', body, headers: {'x-webhook-signature': signature}})
    expect((await post('none')).status).toBe(401)
    await post(createHmac('sha256', SECRET).update(body).digest('hex'))
    const {code, stderr} = await listen.ended
    expect([code, eventsOf(linesOf(stderr))]).toEqual([0, ['ready', 'warning', 'ended']])
    expect(stderr).not.toContain(SECRET)
  })

  it('run: what goes wrong with the message, beside the output of the command as it is', async () => {
    const server = `http://127.0.0.1:${await closedPort()}`
    const args = ['run', '--room', '1', '--log-format', 'json', '--server', server, '--retries', '0']
    const {code, stdout, stderr} = await chat.alice.run([...args, '--', 'sh', '-c', 'echo out; echo err >&2'])
    expect([code, stdout]).toEqual([0, 'out\n'])
    const [first, ...rest] = stderr.split('\n')
    expect(first).toBe('err')
    expect(eventsOf(linesOf(rest.join('\n')))).toEqual(['warning'])
  })

  it('run: leaves flags of the command to the command', async () => {
    const {code, stderr} = await chat.alice.run(['run', '--nonsense', '--', 'true', '--log-format', 'json'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: /)
  })
})
