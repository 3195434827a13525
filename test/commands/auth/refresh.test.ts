import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, RFC_3339, signIn, useChat} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Home, makeHome} from '../../support/veza.js'

/** A home signed in as alice, its session in a plain file. */
async function signedIn(url: string): Promise<Home> {
  const home = makeHome()
  const args = ['auth', 'login', '--server', url, '--insecure-storage', '--json']
  documentOf(await home.run(args, {env: {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}}))
  return home
}

const tokenOf = async (home: Home): Promise<string> => (await home.run(['auth', 'token'])).stdout.trim()

describe.each(DIALECTS)('auth refresh, %s', dialect => {
  const chat = useChat({dialect})

  test('renews although there is time left, again and again', async () => {
    const home = await signedIn(chat.url)
    const tokens = [await tokenOf(home)]
    for (let round = 0; round < 3; round += 1) {
      const renewed = documentOf(await home.run(['auth', 'refresh', '--json']))
      expect(renewed).toEqual({
        server: chat.url,
        storage: expect.stringContaining('credentials'),
        expires_at: expect.stringMatching(RFC_3339),
      })
      tokens.push(await tokenOf(home))
    }
    expect(new Set(tokens).size).toBe(4)
    expect((await home.run(['auth', 'status'])).code).toBe(0)
  })
})

describe('auth refresh, what it prints', () => {
  const chat = useChat()

  test('a pipe gets when the new token ends as an exact time, and no token', async () => {
    const home = await signedIn(chat.url)
    const {code, stdout, stderr} = await home.run(['auth', 'refresh'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(
      new RegExp(`^server:\t${chat.url}\nsession kept in:\t.+\ntoken ends:\t${RFC_3339.source}\n$`),
    )
    expect(stdout).not.toContain(await tokenOf(home))
  })

  test('a person gets a relative one', async () => {
    const {code, screen} = await atTerminal(await signedIn(chat.url), ['auth', 'refresh'])
    expect(code).toBe(0)
    expect(screen).toMatch(/token ends:\S* +in 1[45] min\n/)
  })
})

describe('auth refresh, where it cannot be', () => {
  const chat = useChat()
  const refused = async (home: Home) => {
    const run = await home.run(['auth', 'refresh', '--json', '--retries', '0'])
    expect(run.stdout).toBe('')
    return {exit: run.code, ...errorOf(run)}
  }

  test('an API key is never renewed', async () => {
    const {key} = (await chat.call('alice', 'POST', '/auth/api-keys', {name: 'k'})) as {key: string}
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: key})
    expect(await refused(home)).toMatchObject({
      exit: 2,
      code: 'usage',
      message: expect.stringMatching(/an API key is in use/),
    })
  })

  test('nor is a token that came alone', async () => {
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_TOKEN: await signIn(chat.url, 'alice')})
    expect(await refused(home)).toMatchObject({
      exit: 2,
      message: expect.stringMatching(/without a refresh token/),
    })
  })

  test('nor a token that auth login took from stdin', async () => {
    const home = makeHome({VEZA_SERVER: chat.url})
    const args = ['auth', 'login', '--with-token', '--insecure-storage', '--json']
    documentOf(await home.run(args, {stdin: await signIn(chat.url, 'alice')}))
    expect(await refused(home)).toMatchObject({
      exit: 2,
      message: expect.stringMatching(/without a refresh token/),
    })
    expect((await home.run(['auth', 'status'])).code).toBe(0)
  })

  test('a refresh token of the environment is not spent for nothing', async () => {
    const response = await fetch(`${chat.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: {'content-type': 'application/json'},
      body: JSON.stringify({username: 'alice', password: 'alice-pass'}),
    })
    const {data} = (await response.json()) as {data: {refresh_token: string}}
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_REFRESH_TOKEN: data.refresh_token})
    const error = await refused(home)
    expect(error).toMatchObject({
      exit: 2,
      message: expect.stringMatching(/VEZA_REFRESH_TOKEN would be spent/),
    })
    expect(JSON.stringify(error)).not.toContain(data.refresh_token)
    // It is still good.
    expect((await home.run(['auth', 'status'])).code).toBe(0)
  })

  test('who is not signed in is told so, 4', async () => {
    expect(await refused(makeHome({VEZA_SERVER: chat.url}))).toMatchObject({exit: 4, code: 'signed_out'})
  })

  test('a session that the server has ended is 4, and one that it cannot be asked about stays', async () => {
    const sandbox = await openSandbox()
    const home = await signedIn(sandbox.url)
    const token = await tokenOf(home)
    const other = await signedIn(sandbox.url)
    const authorization = `Bearer ${token}`
    await fetch(`${sandbox.url}/api/v1/auth/logout`, {method: 'POST', headers: {authorization}})
    expect(await refused(home)).toMatchObject({exit: 4, code: 'signed_out'})
    await sandbox.close()
    expect(await refused(other)).toMatchObject({exit: 6, code: 'unreachable'})
    expect((await other.run(['auth', 'token'])).code).toBe(0)
  })
})
