import {createHmac} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, type Fields, useChat} from '../../support/chat.js'
import {closedPort, httpStub} from '../../support/http-stub.js'
import {atTerminal} from '../../support/veza.js'

const EVENTS = ['--event', 'message_sent']

describe.each(DIALECTS)('webhooks create, list and test, %s', dialect => {
  const chat = useChat({dialect})

  async function create(...args: readonly string[]): Promise<Fields> {
    const run = await chat.alice.run(['webhooks', 'create', ...args, '--json'])
    return documentOf({...run, stderr: ''})
  }

  test('a new secret is shown once, and is what deliveries are signed with', async () => {
    await using stub = await httpStub({status: 200})
    const run = await chat.alice.run(['webhooks', 'create', `${stub.origin}/hook`, ...EVENTS, '--json'])
    expect(run.stderr).toBe('the secret is shown only this once: keep it now\n')
    const {id, secret, ...rest} = documentOf({...run, stderr: ''})
    expect(rest).toMatchObject({url: `${stub.origin}/hook`, events: ['message_sent'], room_id: null})
    expect(secret).toMatch(/^[0-9a-f]{64}$/)
    const tested = await chat.alice.run(['webhooks', 'test', `${id}`, '--json'])
    expect(documentOf(tested)).toEqual({webhook_id: id, delivered: true, status_code: 200})
    const [seen] = stub.seen
    const signature = createHmac('sha256', String(secret)).update(seen!.text).digest('hex')
    expect(seen!.headers['x-webhook-signature']).toBe(signature)
    const list = await chat.alice.run(['webhooks', 'list', '--json'])
    expect(list.stdout).not.toContain(String(secret))
  })

  test('a secret that is given is not shown: from a file, stdin and the variable', async () => {
    await using stub = await httpStub({status: 200})
    const file = join(chat.alice.folder, 'secret')
    writeFileSync(file, 'from-a-file\n')
    const given = [
      {args: ['--secret-file', file], options: {}, secret: 'from-a-file'},
      {args: ['--secret-file', '-'], options: {stdin: 'from-stdin\n'}, secret: 'from-stdin'},
      {args: [], options: {env: {VEZA_WEBHOOK_SECRET: 'from-a-variable'}}, secret: 'from-a-variable'},
    ]
    for (const {args, options, secret} of given) {
      const run = await chat.alice.run(
        ['webhooks', 'create', stub.origin, ...EVENTS, ...args, '--json'],
        options,
      )
      expect(run).toMatchObject({code: 0, stderr: ''})
      expect(run.stdout).not.toMatch(/secret|from-/)
      await chat.alice.run(['webhooks', 'test', `${documentOf(run).id}`])
      const seen = stub.seen.at(-1)!
      const signature = createHmac('sha256', secret).update(seen.text).digest('hex')
      expect(seen.headers['x-webhook-signature']).toBe(signature)
    }
  })

  test('of one room, for several events, shown to a person and to a pipe', async () => {
    const {id, name} = await chat.room()
    const args = ['http://127.0.0.1:1/', '--event', 'user_joined,user_left', ...EVENTS, '--room', `#${name}`]
    const {screen} = await atTerminal(chat.alice, ['webhooks', 'create', ...args, '--no-color'])
    expect(screen).toMatch(/events: {2}user_joined, user_left, message_sent\n/)
    expect(screen).toMatch(new RegExp(`room: +${id}\n`))
    expect(screen).toMatch(/secret: +[0-9a-f]{64}\n/)
    const pipe = await chat.alice.run(['webhooks', 'list'])
    expect(pipe.stdout).toMatch(
      new RegExp(`\thttp://127\\.0\\.0\\.1:1/\tuser_joined, user_left, message_sent\t${id}\t`),
    )
  })

  test('the list is that of the account', async () => {
    expect(await chat.bob.run(['webhooks', 'list'])).toEqual({code: 0, stdout: '', stderr: 'no webhooks\n'})
    const {id} = await create('http://127.0.0.1:1/', ...EVENTS)
    const list = documentOf<readonly Fields[]>(await chat.alice.run(['webhooks', 'list', '--json']))
    expect(list).toContainEqual(expect.objectContaining({id, url: 'http://127.0.0.1:1/'}))
    const {screen} = await atTerminal(chat.alice, ['webhooks', 'list'])
    expect(screen).toMatch(/ID.*URL.*EVENTS.*ROOM.*CREATED/)
  })

  test('a test that does not arrive is shown, and fails', async () => {
    await using stub = await httpStub({status: 401})
    const {id: refused} = await create(stub.origin, ...EVENTS)
    const run = await chat.alice.run(['webhooks', 'test', `${refused}`])
    expect(run).toMatchObject({code: 1, stdout: `webhook:\t${refused}\ndelivered:\tno\nstatus:\t401\n`})
    expect(run.stderr).toMatch(/the receiver answered HTTP 401\nhint: the receiver knows another secret\n$/)
    const {id: nobody} = await create(`http://127.0.0.1:${await closedPort()}/`, ...EVENTS)
    const lost = await chat.alice.run(['webhooks', 'test', `${nobody}`, '--json'])
    expect(lost.code).toBe(1)
    expect(JSON.parse(lost.stdout)).toEqual({webhook_id: nobody, delivered: false, status_code: null})
    expect(errorOf(lost).message).toMatch(/was not delivered: no answer came$/)
  })

  test('a room of others is forbidden, a webhook of others too; others are not found', async () => {
    const {name} = await chat.room()
    const room = await chat.bob.run(['webhooks', 'create', 'http://h/', ...EVENTS, '--room', name])
    expect(room).toMatchObject({code: 9, stdout: ''})
    const {id} = await create('http://127.0.0.1:1/', ...EVENTS)
    expect((await chat.bob.run(['webhooks', 'test', `${id}`])).code).toBe(9)
    expect((await chat.bob.run(['webhooks', 'test', '999'])).code).toBe(7)
    expect((await chat.bob.run(['webhooks', 'create', 'http://h/', '--event', 'lunch'])).code).toBe(3)
  })
})

describe('webhooks, usage', () => {
  const chat = useChat()

  test.each([
    [['create', 'http://h/'], 'error: nothing to tell of: --event is missing\n'],
    [['create', 'ftp://h/', ...EVENTS], 'error: URL wants an http or https address\n'],
    [['create', 'h', ...EVENTS], 'error: URL wants an http or https address\n'],
    [['create', 'http://h/', ...EVENTS, '--secret-file', '/nowhere'], 'error: /nowhere does not exist\n'],
    [['create', 'http://h/', ...EVENTS, '--secret-file', '-'], 'error: stdin holds no secret\n'],
    [['create', 'http://h/', ...EVENTS, '--room', '#'], 'error: --room is empty\n'],
    [['test', 'x'], 'error: WEBHOOK wants an id, a whole number\n'],
  ])('%j', async (args, message) => {
    const run = await chat.alice.run(['webhooks', ...args])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr.startsWith(message)).toBe(true)
  })
})
