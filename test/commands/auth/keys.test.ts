import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, RFC_3339, useChat} from '../../support/chat.js'
import {enveloped, httpStub} from '../../support/http-stub.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Ended, type Home, makeHome} from '../../support/veza.js'

const CREATE = ['auth', 'keys', 'create']
const NOTICE = 'the key is shown only this once: keep it now\n'

async function newKey(home: Home, ...flags: string[]): Promise<string> {
  return String(documentOf(await home.run([...CREATE, 'ci', '--json', ...flags])).key)
}

describe.each(DIALECTS)('auth keys create, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets the key once, on stdout, and the notice on stderr', async () => {
    const args = ['--permission', 'read', '--permission', 'write', '--expires', '90d', '--ip', '127.0.0.0/8']
    const {code, stdout, stderr} = await chat.alice.run([...CREATE, ...args, 'nightly build'])
    expect({code, stderr}).toEqual({code: 0, stderr: NOTICE})
    const lines = [
      'name:\tnightly build',
      'key:\tveza_ak_[\\w-]{43}',
      'permissions:\tread, write',
      'addresses:\t127.0.0.0/8',
      `ends:\t${RFC_3339.source}`,
    ]
    expect(stdout).toMatch(new RegExp(`^${lines.join('\n')}\n$`))
  })

  test('--json is the whole answer, --quiet leaves the notice out', async () => {
    const run = await chat.alice.run([
      ...CREATE,
      'ci',
      '--expires',
      '2036-01-31T12:00:00+01:00',
      '--json',
      '-q',
    ])
    expect(run.stderr).toBe('')
    expect(documentOf(run)).toEqual({
      id: expect.any(Number),
      name: 'ci',
      key: expect.stringMatching(/^veza_ak_/),
      permissions: [],
      ip_whitelist: [],
      expires_at: '2036-01-31T11:00:00.000Z',
      created_at: expect.stringMatching(RFC_3339),
    })
  })

  test('a person gets the same, without what is not set', async () => {
    const {code, screen} = await atTerminal(chat.alice, [...CREATE, 'ci'])
    expect(code).toBe(0)
    expect(screen).toMatch(/key:\S* +\S*veza_ak_/)
    expect(screen).toContain(NOTICE)
    expect(screen).not.toMatch(/ends:|addresses:/)
  })

  test('the key works in VEZA_API_KEY', async () => {
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: await newKey(chat.alice)})
    expect(documentOf(await home.run(['auth', 'status', '--json']))).toMatchObject({username: 'alice'})
    const {id} = await chat.room()
    expect((await home.run(['messages', 'send', `${id}`, 'by key'])).code).toBe(0)
    expect(await chat.contents(id)).toEqual(['by key'])
  })
})

describe('auth keys create, an account that signed in with a key', () => {
  const chat = useChat()

  const signedIn = async (): Promise<Home> => {
    const home = makeHome({VEZA_SERVER: chat.url})
    const args = ['auth', 'login', '--api-key-stdin', '--insecure-storage', '--json']
    const account = documentOf(await home.run(args, {stdin: `${await newKey(chat.alice)}\n`}))
    expect(account).toMatchObject({username: 'alice', kind: 'api-key'})
    expect(JSON.stringify(account)).not.toContain('veza_ak_')
    return home
  }

  test('calls the server and shows its status', async () => {
    const home = await signedIn()
    expect((await home.run(['rooms', 'list'])).code).toBe(0)
    const {code, stdout} = await home.run(['auth', 'status'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/user:\talice\n.*\nsession kept in:\t.*credentials\n/)
    expect(stdout).not.toContain('veza_ak_')
  })

  test('signs out without a warning', async () => {
    const home = await signedIn()
    const run = await home.run(['auth', 'logout'])
    expect(run).toEqual({code: 0, stdout: '', stderr: `signed out alice from ${chat.url}\n`})
    expect((await home.run(['auth', 'status'])).code).toBe(4)
  })

  test('has no access token to print', async () => {
    const run = await (await signedIn()).run(['auth', 'token', '--json'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run)).toMatchObject({message: expect.stringMatching(/an API key is in use/)})
  })
})

describe('auth keys create, the limits of a key', () => {
  const chat = useChat()
  const use = async (key: string, args: string[]): Promise<number | null> =>
    (await makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: key}).run(args)).code

  test('one that may only read may not write', async () => {
    const key = await newKey(chat.alice, '--permission', 'read')
    expect(await use(key, ['rooms', 'list'])).toBe(0)
    expect(await use(key, ['rooms', 'create', 'not-this'])).toBe(9)
  })

  test('one for another address is refused, one for a range around this one is not', async () => {
    const elsewhere = await newKey(chat.alice, '--ip', '10.0.0.0/8', '--ip', '192.168.1.7')
    expect(await use(elsewhere, ['rooms', 'list'])).toBe(9)
    const here = await newKey(chat.alice, '--ip', '10.0.0.0/8', '--ip', '127.0.0.0/30')
    expect(await use(here, ['rooms', 'list'])).toBe(0)
  })

  test('one whose time is up is refused', async () => {
    let aheadMs = 0
    const sandbox = await openSandbox({now: () => Date.now() + aheadMs})
    const key = await newKey(homeOf(sandbox), '--expires', '1h')
    const status = (): Promise<Ended> =>
      makeHome({VEZA_SERVER: sandbox.url, VEZA_API_KEY: key}).run(['auth', 'status', '--json'])
    expect((await status()).code).toBe(0)
    aheadMs = 3_600_000
    expect(errorOf(await status())).toMatchObject({exit_code: 4, status: 401})
  })

  test('a key nobody has made is 4', async () => {
    expect(await use('veza_ak_guess', ['auth', 'status'])).toBe(4)
  })
})

describe('auth keys create, what goes over the wire', () => {
  const made = async (answer: object, ...flags: string[]) => {
    await using server = await httpStub(enveloped(answer, 201))
    const home = makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'})
    const run = await home.run([...CREATE, 'ci', '--json', ...flags])
    return {run, body: server.seen[0]?.json()}
  }

  test('what is not given is not sent, and what is, under the names of the contract', async () => {
    expect((await made({key: 'k'})).body).toEqual({name: 'ci'})
    const flags = [
      '--permission',
      'a',
      '--ip',
      '::1',
      '--ip',
      '10.0.0.0/8',
      '--expires',
      '2036-01-01T00:00:00Z',
    ]
    expect((await made({key: 'k'}, ...flags)).body).toEqual({
      name: 'ci',
      permissions: ['a'],
      expires_at: '2036-01-01T00:00:00.000Z',
      ip_whitelist: ['::1', '10.0.0.0/8'],
    })
  })

  test('a key under its other name is found, unknown fields are kept', async () => {
    const {run} = await made({api_key: 'k', scope: {a: 1}, expires_at: null})
    expect(documentOf(run)).toEqual({key: 'k', scope: {a: 1}, expires_at: null})
  })

  test('an answer without a key is none of a chat server', async () => {
    expect(errorOf((await made({id: 1})).run)).toMatchObject({exit_code: 6, code: 'not_protocol'})
  })
})

describe('auth keys create, what goes wrong', () => {
  const chat = useChat()

  test.each([
    [[...CREATE], 2, /missing argument NAME/],
    [[...CREATE, 'ci', '--expires', 'soon'], 2, /--expires wants a duration or a time/],
    [[...CREATE, 'ci', '--expires', '2001-01-01T00:00:00Z'], 2, /--expires names a moment that has passed/],
    [[...CREATE, 'ci', '--ip', 'here'], 3, /ip_whitelist must be addresses/],
    [[...CREATE, ''], 3, /name/],
  ])('%j is %d', async (args, exit, message) => {
    const run = await chat.alice.run([...args, '--json'])
    expect(run).toMatchObject({code: exit, stdout: ''})
    expect(errorOf(run).message).toMatch(message)
  })

  test('who is not signed in makes none', async () => {
    expect(await makeHome({VEZA_SERVER: chat.url}).run([...CREATE, 'ci'])).toMatchObject({
      code: 4,
      stdout: '',
    })
  })
})
