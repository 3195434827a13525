import {createHmac} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, RFC_3339, recordsOf, useChat} from '../../support/chat.js'
import {closedPort} from '../../support/http-stub.js'
import {type Home, makeHome, type Running, startProcess, VEZA} from '../../support/veza.js'

const SECRET = 'a secret'
const LISTEN = ['webhooks', 'listen']

/** A command at a terminal that goes on. */
function onTerminal(home: Home, args: readonly string[]): Running {
  const command = [...VEZA, ...args].map(word => `'${word}'`).join(' ')
  return startProcess('script', ['-qec', command, '/dev/null'], {TERM: 'xterm', ...home.env}, 'open')
}

const homeWithSecret = (): Home => makeHome({VEZA_WEBHOOK_SECRET: SECRET})

async function urlOf(running: Running, stream: 'stdout' | 'stderr' = 'stderr'): Promise<string> {
  const text = await running.sees(stream, /ready: http\S+\r?\n/)
  return /ready: (http\S+)/.exec(text)![1]!
}

async function post(url: string, delivery: unknown, signature?: string): Promise<number> {
  const body = JSON.stringify(delivery)
  const right = createHmac('sha256', SECRET).update(body).digest('hex')
  const headers = {'x-webhook-signature': signature ?? right}
  return (await fetch(url, {method: 'POST', body, headers})).status
}

describe.each(DIALECTS)('webhooks listen, with a server, %s', dialect => {
  const chat = useChat({dialect})

  test('what happens in a room arrives as records', async () => {
    const {id, name} = await chat.room()
    const env = {VEZA_WEBHOOK_SECRET: SECRET}
    const listen = chat.alice.start([...LISTEN, '--json', '--count', '2', '--path', '/hook'], {env})
    const url = await urlOf(listen)
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hook$/)
    const args = ['webhooks', 'create', url, '--event', 'message_sent', '--room', name, '--json']
    const {id: webhook} = JSON.parse((await chat.alice.run(args, {env})).stdout)
    expect((await chat.alice.run(['webhooks', 'test', `${webhook}`])).code).toBe(0)
    await chat.post(id, ['hello “you”'])
    const run = await listen.ended
    expect(run.code).toBe(0)
    expect(recordsOf(run)).toEqual([
      expect.objectContaining({event: 'test', received_at: expect.stringMatching(RFC_3339)}),
      expect.objectContaining({
        event: 'message_sent',
        data: expect.objectContaining({content: 'hello “you”', username: 'bob', room_id: id}),
      }),
    ])
    expect(run.stderr).toMatch(/\nended: done; 2 deliveries; \d+\.\d s\n$/)
  })
})

describe('webhooks listen', () => {
  test('what is not signed with the secret gets 401, is told of and not printed', async () => {
    const listen = homeWithSecret().start([...LISTEN, '--count', '1', '--json'])
    const url = await urlOf(listen)
    expect(await post(url, {event: 'forged'}, '0'.repeat(64))).toBe(401)
    expect(await post(url, {event: 'forged'}, 'not hex')).toBe(401)
    expect((await fetch(url, {method: 'POST', body: '{"event":"forged"}'})).status).toBe(401)
    expect(await post(url, {event: 'real', data: null})).toBe(200)
    const run = await listen.ended
    expect(recordsOf(run)).toEqual([{event: 'real', data: null, received_at: expect.any(String)}])
    expect(run.stderr).toContain(
      'warning: refused a delivery from 127.0.0.1: its X-Webhook-Signature is wrong',
    )
    expect(run.stderr).toMatch(/\nended: done; 1 delivery, 3 requests refused; /)
    expect(run.stderr).not.toContain(SECRET)
  })

  test('--count takes so many and no more, however many come at once', async () => {
    const listen = homeWithSecret().start([...LISTEN, '--count', '3', '--json'])
    const url = await urlOf(listen)
    const statuses = await Promise.all(
      Array.from({length: 20}, (_, event) => post(url, {event: `${event}`}).catch(() => 0)),
    )
    expect(statuses.filter(status => status === 200)).toHaveLength(3)
    expect(recordsOf(await listen.ended)).toHaveLength(3)
  })

  test('a pipe gets time, event and data; a person a line', async () => {
    const listen = homeWithSecret().start([...LISTEN, '--count', '1'])
    await post(await urlOf(listen), {event: 'e\u001b[31m', data: {content: 'a\tb\u202e'}})
    expect((await listen.ended).stdout).toMatch(
      new RegExp(`^${RFC_3339.source}\te\t\\{"content":"a\\\\tb\\\\u\\{202e\\}"\\}\n$`),
    )
    const terminal = onTerminal(homeWithSecret(), [...LISTEN, '--count', '1', '--no-color'])
    await post(await urlOf(terminal, 'stdout'), {
      event: 'message_sent',
      data: {content: 'hi', username: 'bob\u001b[2J', room_name: 'general'},
    })
    expect((await terminal.ended).stdout).toMatch(/\d\d:\d\d:\d\d message_sent #general bob: hi\r\n/)
  })

  test('--exec gets the record and its variables, and not the secret', async () => {
    const hook = 'echo "$VEZA_WEBHOOK_EVENT $VEZA_WEBHOOK_ROOM_ID [$VEZA_WEBHOOK_SECRET]"; cat'
    const listen = homeWithSecret().start([...LISTEN, '--count', '1', '--exec', hook])
    await post(await urlOf(listen), {event: '$(echo evil)', data: {room_id: 7}})
    const run = await listen.ended
    const [first, second] = run.stdout.split('\n')
    expect(run.code).toBe(0)
    expect(first).toBe('$(echo evil) 7 []')
    expect(JSON.parse(second!)).toMatchObject({event: '$(echo evil)', data: {room_id: 7}})
    expect(run.stderr).toMatch(/\nended: done; 1 delivery given to --exec; /)
  })

  test('--exec that keeps failing ends it with 1, or goes to the dead-letter file', async () => {
    const failing = [...LISTEN, '--exec', 'exit 3', '--hook-retries', '0']
    const ending = homeWithSecret().start(failing)
    await post(await urlOf(ending), {event: 'one'})
    const run = await ending.ended
    expect(run.code).toBe(1)
    expect(run.stderr).toContain('error: hook failed for the delivery of one: exit code 3 (tried 1 time)\n')
    const home = homeWithSecret()
    const file = join(home.folder, 'dead.ndjson')
    const going = home.start([...failing, '--dead-letter', file, '--count', '2'])
    const url = await urlOf(going)
    await post(url, {event: 'one'})
    await post(url, {event: 'two'})
    expect((await going.ended).code).toBe(0)
    const letters = recordsOf<{record: {event: string}}>({stdout: readFileSync(file, 'utf8')})
    expect(letters.map(({record}) => record.event)).toEqual(['one', 'two'])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with %i, an idle connection or not', async (signal, code) => {
    const listen = homeWithSecret().start([...LISTEN, '--json'])
    await post(await urlOf(listen), {event: 'one'})
    listen.child.kill(signal)
    const run = await listen.ended
    expect(run.code).toBe(code)
    expect(recordsOf(run)).toHaveLength(1)
    expect(run.stderr).toMatch(/\nended: (interrupted|terminated); 1 delivery; /)
  })

  test('the end lets a command under way end, and starts no other', async () => {
    const handled = 'until grep -q "^ShdPnd:.0*$" /proc/$PPID/status; do :; done'
    const hook = `echo begin; kill -INT $PPID; ${handled}; echo end`
    const listen = homeWithSecret().start([...LISTEN, '--exec', hook])
    expect(await post(await urlOf(listen), {event: 'one'})).toBe(200)
    expect(await listen.ended).toMatchObject({code: 130, stdout: 'begin\nend\n'})
  })

  test('a reader that goes away ends it with 0', async () => {
    const command = `${VEZA.map(word => `'${word}'`).join(' ')} webhooks listen --json | head -n 1; echo "\${PIPESTATUS[0]}"`
    const running = startProcess('bash', ['-c', command], homeWithSecret().env)
    await post(await urlOf(running), {event: 'one'})
    expect((await running.ended).stdout).toMatch(/^\{"event":"one".*\}\n0\n$/)
  })

  test('--timeout ends it with 124', async () => {
    const run = await homeWithSecret().run([...LISTEN, '--timeout', '50ms'])
    expect(run.code).toBe(124)
  })

  test('a person without a secret is asked for it, unseen', async () => {
    const terminal = onTerminal(makeHome(), [...LISTEN, '--count', '1'])
    await terminal.sees('stdout', 'Secret of the webhook')
    terminal.child.stdin.write(`${SECRET}\r`)
    expect(await post(await urlOf(terminal, 'stdout'), {event: 'one'})).toBe(200)
    const {code, stdout} = await terminal.ended
    expect(code).toBe(0)
    expect(stdout).not.toContain(SECRET)
  })

  test('others that reach it are warned of', async () => {
    const listen = homeWithSecret().start([...LISTEN, '--listen', '0.0.0.0:0'])
    await listen.sees('stderr', 'warning: others reach this address')
    await urlOf(listen)
    listen.child.kill('SIGTERM')
    await listen.ended
  })
})

describe('webhooks listen, usage', () => {
  test.each([
    [['--listen', 'nowhere'], 'error: --listen wants HOST:PORT\n'],
    [['--path', 'veza'], 'error: --path wants a path such as /veza, without a query\n'],
    [['--exec', ' '], 'error: --exec is empty\n'],
    [['--hook-retries', '1'], 'error: --hook-retries is for --exec, which is missing\n'],
    [['--exec', 'cat', '--hook-timeout', '0'], 'error: --hook-timeout must be more than 0\n'],
    [['--exec', 'cat', '--dead-letter', '/nowhere/x'], 'error: cannot write the dead-letter file /nowhere/x'],
  ])('%j', async (args, message) => {
    const run = await homeWithSecret().run([...LISTEN, ...args])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr.startsWith(message)).toBe(true)
  })

  test('without a secret, and where the port is in use', async () => {
    const none = await makeHome().run(LISTEN)
    expect(none).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: the secret of the webhook is missing\nhint: give it with --secret-file or VEZA_WEBHOOK_SECRET\n',
    })
    const address = `127.0.0.1:${await closedPort()}`
    const listen = homeWithSecret().start([...LISTEN, '--listen', address])
    expect(await urlOf(listen)).toBe(`http://${address}/`)
    const second = await homeWithSecret().run([...LISTEN, '--listen', address])
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(`error: cannot listen on ${address}: the port is in use\n`)
    listen.child.kill('SIGTERM')
    await listen.ended
  })
})
