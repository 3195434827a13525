import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, ESCAPE, errorOf, RFC_3339, useChat} from '../../support/chat.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {atTerminal, makeHome} from '../../support/veza.js'

describe.each(DIALECTS)('auth status, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets a field a line, the end of the token as an exact time', async () => {
    const {code, stdout, stderr} = await chat.alice.run(['auth', 'status'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const place = 'the environment (VEZA_TOKEN)'
    const [lines, ends] = stdout.split('token ends:\t')
    expect(lines).toBe(`server:\t${chat.url}\nuser:\talice\nrole:\tuser\nsession kept in:\t${place}\n`)
    expect(ends).toMatch(new RegExp(`^${RFC_3339.source}\n$`))
  })

  test('a person gets a relative time, in colour', async () => {
    const {code, screen} = await atTerminal(chat.alice, ['auth', 'status'])
    expect(code).toBe(0)
    expect(screen).toMatch(/user:\S* +alice\n/)
    expect(screen).toMatch(/token ends:\S* +in 1[45] min\n/)
    expect(screen).toContain(ESCAPE)
  })

  test('--json names who, where and until when', async () => {
    const home = homeOf(chat, 'admin')
    const status = documentOf(await home.run(['auth', 'status', '--json']))
    expect(status).toEqual({
      server: chat.url,
      username: 'admin',
      user_id: 1,
      role: 'admin',
      storage: 'the environment (user name and password)',
      expires_at: expect.stringMatching(RFC_3339),
    })
  })

  test('with an API key no token ends', async () => {
    const data = await chat.call('alice', 'POST', '/auth/api-keys', {name: 'ci', permissions: ['read']})
    const key = Object.values(data as Record<string, unknown>).find(value =>
      `${value}`.startsWith('veza_ak_'),
    )
    const home = makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: `${key}`})
    const status = documentOf(await home.run(['auth', 'status', '--json']))
    expect(status).toMatchObject({username: 'alice', storage: 'the environment (VEZA_API_KEY)'})
    expect(status).not.toHaveProperty('expires_at')
  })
})

describe('auth status, without a session', () => {
  test('not signed in is 4, and no server is asked', async () => {
    const home = makeHome({VEZA_SERVER: 'http://127.0.0.1:9'})
    const run = await home.run(['auth', 'status', '--json'])
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(errorOf(run)).toEqual({
      code: 'signed_out',
      message: 'not signed in to http://127.0.0.1:9',
      hint: 'run: veza auth login',
      exit_code: 4,
      retryable: false,
    })
  })

  test('a session that the server has ended is 4, and says to sign in again', async () => {
    const sandbox = await openSandbox()
    const home = homeOf(sandbox, 'alice')
    const args = ['auth', 'login', '--insecure-storage', '--json']
    documentOf(await home.run(args))
    const stored = {VEZA_USERNAME: '', VEZA_PASSWORD: ''}
    const token = (await home.run(['auth', 'token'], {env: stored})).stdout.trim()
    await fetch(`${sandbox.url}/api/v1/auth/logout`, {
      method: 'POST',
      headers: {authorization: `Bearer ${token}`},
    })
    const run = await home.run(['auth', 'status'], {env: stored})
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(run.stderr).toMatch(/^error: the session is over\nhint: sign in again: veza auth login\n$/)
  })
})
