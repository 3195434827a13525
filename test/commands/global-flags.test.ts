import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {documentOf, ESCAPE, errorOf, useChat} from '../support/chat.js'
import {httpStub} from '../support/http-stub.js'
import {homeOf} from '../support/sandbox.js'
import {atTerminal, makeHome} from '../support/veza.js'

const chat = useChat()

describe('colour', () => {
  const LIST = ['rooms', 'list']

  test.each([
    ['--no-color', [...LIST, '--no-color'], {}],
    ['NO_COLOR', LIST, {NO_COLOR: '1'}],
    ['TERM=dumb', LIST, {TERM: 'dumb'}],
    ['FORCE_COLOR=0', LIST, {FORCE_COLOR: '0'}],
    ['--no-color before FORCE_COLOR', [...LIST, '--no-color'], {FORCE_COLOR: '1'}],
  ])('%s: none at a terminal, and still a table', async (_what, args, env) => {
    const {code, screen} = await atTerminal(chat.alice, args, {env})
    expect(code).toBe(0)
    expect(screen).toMatch(/^ID +NAME +/)
    expect(screen).not.toContain(ESCAPE)
  })

  test.each([
    ['where there would be none', {FORCE_COLOR: '1', TERM: 'dumb'}, `${ESCAPE}[1m`],
    ['before NO_COLOR', {FORCE_COLOR: '1', NO_COLOR: '1'}, `${ESCAPE}[1m`],
  ])('FORCE_COLOR at a terminal: colour %s', async (_what, env, colour) => {
    const {screen} = await atTerminal(chat.alice, LIST, {env})
    expect(screen).toContain(colour)
  })

  test('FORCE_COLOR chooses how many: 3 is all of them', async () => {
    const {name, id} = await chat.room()
    await chat.post(id, ['hello'])
    const {screen} = await atTerminal(chat.alice, ['messages', 'list', name], {env: {FORCE_COLOR: '3'}})
    expect(screen).toContain(`${ESCAPE}[38;2;`)
  })
})

describe('--quiet, --verbose, --debug', () => {
  const LIST = ['rooms', 'list', '--search', 'nowhere']

  test('--quiet and -q leave out notices, never the data or an error', async () => {
    const [loud, quiet, short, error] = await Promise.all([
      chat.alice.run(LIST),
      chat.alice.run([...LIST, '--quiet']),
      chat.alice.run([...LIST, '-q']),
      chat.alice.run(['rooms', 'get', 'nowhere', '-q']),
    ])
    expect(loud.stderr).toBe('no rooms\n')
    expect([quiet.stderr, short.stderr]).toEqual(['', ''])
    expect(error.stderr).toMatch(/^error: there is no room "nowhere"\n/)
  })

  test('--verbose says what is being done', async () => {
    const [verbose, short] = await Promise.all([
      chat.alice.run(['rooms', 'list', '--verbose']),
      chat.alice.run(['rooms', 'list', '-v']),
    ])
    for (const {stderr} of [verbose, short]) expect(stderr).toMatch(/^GET \S+\/rooms: 200 in \d+ ms$/m)
    expect(verbose.stdout).toMatch(/^1\t#general\t/)
  })

  test('--debug shows requests and their answers, on stderr only', async () => {
    const {stdout, stderr} = await chat.alice.run(['rooms', 'list', '--debug', '--json'])
    expect(JSON.parse(stdout)).toBeInstanceOf(Array)
    expect(stderr).toMatch(/^debug: GET \S+\/api\/v1\/rooms \(try 1\)$/m)
    expect(stderr).toMatch(/^GET \S+\/api\/v1\/rooms: 200 in \d+ ms$/m)
  })

  test('--debug shows where an error arose', async () => {
    const {code, stderr} = await chat.alice.run(['rooms', 'get', 'nowhere', '--debug'])
    expect(code).toBe(7)
    expect(stderr).toMatch(/\n {4}at /)
  })

  test('neither a token nor a password is in any output at any level', async () => {
    const env = {VEZA_API_KEY: '', VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    const home = makeHome({VEZA_SERVER: chat.url})
    const login = ['auth', 'login', '--insecure-storage', '--debug', '-v']
    const outputs = [await home.run(login, {env})]
    for (const args of [
      ['rooms', 'list'],
      ['messages', 'send', 'general', 'text'],
      ['messages', 'tail', 'general', '--last', '1', '--count', '1'],
      ['dm', 'send', 'bob', 'text'],
      ['auth', 'status'],
      ['rooms', 'get', 'nowhere'],
    ]) {
      outputs.push(await home.run([...args, '--debug', '-v', '--json']))
    }
    outputs.push(await homeOf(chat, 'bob').run(['rooms', 'list', '--debug', '-v']))
    outputs.push(await home.run(['auth', 'logout', '--debug', '-v']))
    expect(outputs.map(output => output.code)).toEqual([0, 0, 0, 0, 0, 0, 7, 0, 0])
    const text = outputs.map(output => output.stdout + output.stderr).join('')
    expect(text).not.toMatch(/eyJ[\w-]{10}|Bearer|-pass/)
  })
})

describe('--json errors', () => {
  test('one line with every field that is known', async () => {
    const run = await chat.alice.run(['rooms', 'get', '4711', '--json'])
    expect(run).toMatchObject({code: 7, stdout: ''})
    expect(errorOf(run)).toEqual({
      code: 'not_found',
      message: expect.any(String),
      exit_code: 7,
      status: 404,
      server_code: 'ROOM_NOT_FOUND',
      request_id: expect.any(String),
      retryable: false,
    })
  })

  test('with a hint, and how long the server asked to wait', async () => {
    const body = {success: false, error: {code: 'RATE_LIMIT_EXCEEDED', message: 'Slow down'}}
    await using stub = await httpStub({status: 429, headers: {'retry-after': '600'}, body})
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_API_KEY: 'veza_ak_x'})
    const run = await home.run(['rooms', 'list', '--json'])
    expect(run).toMatchObject({code: 5, stdout: ''})
    expect(errorOf(run)).toMatchObject({
      code: 'rate_limited',
      exit_code: 5,
      status: 429,
      server_code: 'RATE_LIMIT_EXCEEDED',
      retryable: true,
      retry_after_ms: 600_000,
    })
  })

  test.each([
    ['an unknown flag', ['rooms', 'list', '--nope=pa55word'], 'unknown flag --nope'],
    ['a bad value', ['rooms', 'list', '--limit', 'pa55word'], '--limit wants a whole number from 1 to 100'],
    ['a missing argument', ['rooms', 'get'], 'missing argument ROOM'],
    ['an argument too many', ['rooms', 'get', 'general', 'pa55word'], 'an argument too many'],
    ['a flag without its value', ['rooms', 'list', '--search'], '--search expects a value'],
  ])('%s ends with 2 with and without --json, and repeats nothing', async (_what, args, message) => {
    const [plain, json] = await Promise.all([
      chat.alice.run(args),
      chat.alice.run([...args.slice(0, 2), '--json', ...args.slice(2)]),
    ])
    expect([plain.code, json.code]).toEqual([2, 2])
    expect(plain.stdout + json.stdout).toBe('')
    expect(plain.stderr).toMatch(`error: ${message}`)
    expect(errorOf(json)).toMatchObject({code: 'usage', message: expect.stringContaining(message)})
    expect(plain.stderr + json.stderr).not.toContain('pa55word')
  })
})

describe('the way to the server', () => {
  test('--server goes before VEZA_SERVER, CHAT_SERVER_URL works', async () => {
    const env = {VEZA_SERVER: 'http://127.0.0.1:9'}
    const home = makeHome({VEZA_TOKEN: chat.token('alice')})
    const [flag, guides] = await Promise.all([
      home.run(['rooms', 'list', '--server', chat.url, '--json'], {env}),
      home.run(['rooms', 'list', '--json'], {env: {CHAT_SERVER_URL: chat.url}}),
    ])
    expect(documentOf(flag)).toHaveLength(documentOf<unknown[]>(guides).length)
  })

  test('--server takes an address, and does not repeat what is none', async () => {
    const run = await chat.alice.run(['rooms', 'list', '--server', 'http://alice:pa55word@localhost'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(/^error: --server must not carry a user name or password\n/)
    expect(run.stderr).not.toContain('pa55word')
  })

  test('--retries says how often it is tried again', async () => {
    await using stub = await httpStub({status: 503, body: 'busy'})
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_API_KEY: 'veza_ak_x'})
    const never = await home.run(['rooms', 'list', '--retries', '0'])
    expect([never.code, stub.count()]).toEqual([1, 1])
    const once = await home.run(['rooms', 'list', '--retries', '1', '--json'])
    expect([once.code, stub.count()]).toEqual([1, 3])
  })

  test('--timeout ends a command that waits with 124', async () => {
    await using stub = await httpStub({raw: () => undefined})
    const home = makeHome({VEZA_SERVER: stub.origin, VEZA_API_KEY: 'veza_ak_x'})
    const [flag, variable] = await Promise.all([
      home.run(['rooms', 'list', '--timeout', '300ms', '--json']),
      home.run(['rooms', 'list'], {env: {VEZA_TIMEOUT: '300ms'}}),
    ])
    expect(flag).toMatchObject({code: 124, stdout: ''})
    expect(errorOf(flag)).toMatchObject({code: 'timeout', exit_code: 124, retryable: true})
    expect(variable).toEqual({code: 124, stdout: '', stderr: 'error: --timeout ran out after 0.3 s\n'})
  })

  test.each(['--ca', '--cert', '--key'])('%s names a file, which must be there', async flag => {
    const run = await chat.alice.run(['rooms', 'list', flag, join('/no', 'such.pem')])
    expect(run).toEqual({code: 2, stdout: '', stderr: 'error: /no/such.pem does not exist\n'})
  })

  test('--insecure warns each time', async () => {
    const run = await chat.alice.run(['rooms', 'list', '--insecure', '--quiet'])
    expect(run.code).toBe(0)
    expect(run.stderr).toMatch(/^warning: --insecure: the certificate is not verified[^\n]*\n$/)
  })

  test('an http address that is not loopback warns', async () => {
    // Loopback all the same, but written so that it does not look like it: nothing leaves this machine.
    const args = ['rooms', 'list', '--server', 'http://0.0.0.0:9', '--retries', '0']
    const run = await chat.alice.run(args)
    expect(run.code).toBe(6)
    expect(run.stderr).toMatch(/^warning: http:\/\/0\.0\.0\.0:9 is not encrypted[^\n]*\nerror: /)
  })
})
