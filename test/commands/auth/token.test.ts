import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, useChat} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Home, makeHome} from '../../support/veza.js'

const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/

async function signedIn(url: string): Promise<Home> {
  const home = makeHome()
  const env = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
  documentOf(await home.run(['auth', 'login', '--server', url, '--insecure-storage', '--json'], {env}))
  return home
}

async function tokenOf(home: Home): Promise<string> {
  const {code, stdout, stderr} = await home.run(['auth', 'token'])
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  expect(stdout).toMatch(/^[\w.-]+\n$/)
  return stdout.trimEnd()
}

const expiryOf = (token: string): number =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).exp

describe.each(DIALECTS)('auth token, %s', dialect => {
  const chat = useChat({dialect})

  test('prints the token alone, good as VEZA_TOKEN elsewhere, and the same while it lasts', async () => {
    const home = await signedIn(chat.url)
    const token = await tokenOf(home)
    expect(token).toMatch(JWT)
    expect(await tokenOf(home)).toBe(token)
    const elsewhere = makeHome({VEZA_SERVER: chat.url, VEZA_TOKEN: token})
    expect(documentOf(await elsewhere.run(['auth', 'status', '--json'])).username).toBe('alice')
  })
})

describe('auth token, its form and its life', () => {
  const chat = useChat()

  test('a person gets it bare, --json is a string', async () => {
    const token = chat.token('alice')
    const {screen} = await atTerminal(chat.alice, ['auth', 'token'])
    expect(screen).toBe(`${token}\n`)
    expect((await chat.alice.run(['auth', 'token', '--json'])).stdout).toBe(`${JSON.stringify(token)}\n`)
  })

  test('one that is about to end is renewed each time, and the rotated refresh token is kept', async () => {
    const sandbox = await openSandbox({tokenTtlSeconds: 20})
    const home = await signedIn(sandbox.url)
    const tokens = [await tokenOf(home), await tokenOf(home), await tokenOf(home)]
    expect(new Set(tokens).size).toBe(3)
    const response = await fetch(`${sandbox.url}/api/v1/users/me`, {
      headers: {authorization: `Bearer ${tokens[2]}`},
    })
    expect(response.status).toBe(200)
  })

  test('one that the server takes for over, its clock ahead, is renewed on the way without a word', async () => {
    let skewMs = 0
    const sandbox = await openSandbox({now: () => Date.now() + skewMs})
    const home = await signedIn(sandbox.url)
    const before = await tokenOf(home)
    skewMs = 16 * 60_000
    const rooms = await home.run(['rooms', 'list'])
    expect(rooms).toMatchObject({code: 0, stderr: ''})
    expect(expiryOf(await tokenOf(home))).toBeGreaterThan(expiryOf(before) + 900)
  })

  test('VEZA_REFRESH_TOKEN alone is enough', async () => {
    const response = await fetch(`${chat.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({username: 'bob', password: 'bob-pass'}),
    })
    const {data} = (await response.json()) as {data: {refresh_token: string}}
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_REFRESH_TOKEN: data.refresh_token})
    const {code, stdout, stderr} = await home.run(['auth', 'token'])
    expect(code).toBe(0)
    expect(stdout.trim()).toMatch(JWT)
    expect(stderr).toMatch(/^warning: VEZA_REFRESH_TOKEN is spent now: [^\n]+\n$/)
  })

  test('an API key has none', async () => {
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: 'veza_ak_x'})
    const run = await home.run(['auth', 'token'])
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: an API key is in use, which has no access token\n',
    })
  })

  test('who is not signed in gets 4 and no token', async () => {
    const run = await makeHome({VEZA_SERVER: chat.url}).run(['auth', 'token'])
    expect(run).toMatchObject({code: 4, stdout: ''})
  })
})
