import {existsSync, readdirSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, useChat} from '../../support/chat.js'
import {openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Home, makeHome} from '../../support/veza.js'

/** Signs in to a home of its own; with the password in the environment of that one command. */
async function signedIn(url: string, ...names: string[]): Promise<Home> {
  const home = makeHome()
  for (const name of names) {
    const env = {VEZA_USERNAME: name, VEZA_PASSWORD: `${name}-pass`}
    documentOf(await home.run(['auth', 'login', '--server', url, '--insecure-storage', '--json'], {env}))
  }
  return home
}

function sessionsIn(home: Home): number {
  const folder = join(home.folder, '.local', 'state', 'veza', 'credentials')
  return existsSync(folder) ? readdirSync(folder).length : 0
}

async function accepts(url: string, token: string): Promise<boolean> {
  const response = await fetch(`${url}/api/v1/users/me`, {headers: {authorization: `Bearer ${token}`}})
  await response.text()
  return response.ok
}

describe.each(DIALECTS)('auth logout, %s', dialect => {
  const chat = useChat({dialect})

  test('ends the session here and on the server', async () => {
    const home = await signedIn(chat.url, 'alice')
    const token = (await home.run(['auth', 'token'])).stdout.trim()
    expect(await accepts(chat.url, token)).toBe(true)
    const run = await home.run(['auth', 'logout'])
    expect(run).toEqual({code: 0, stdout: '', stderr: `signed out alice from ${chat.url}\n`})
    expect(sessionsIn(home)).toBe(0)
    expect(await accepts(chat.url, token)).toBe(false)
    expect((await home.run(['auth', 'status'])).code).toBe(4)
  })
})

describe('auth logout, less common ends', () => {
  const chat = useChat()

  test('a person is told the same', async () => {
    const home = await signedIn(chat.url, 'alice')
    const {code, screen} = await atTerminal(home, ['auth', 'logout'])
    expect({code, screen}).toEqual({code: 0, screen: `signed out alice from ${chat.url}\n`})
  })

  test('--quiet says nothing', async () => {
    const home = await signedIn(chat.url, 'alice')
    expect(await home.run(['auth', 'logout', '--quiet'])).toEqual({code: 0, stdout: '', stderr: ''})
  })

  test('of two accounts VEZA_USERNAME chooses, the other one stays', async () => {
    const home = await signedIn(chat.url, 'alice', 'bob')
    await home.run(['auth', 'logout'], {env: {VEZA_USERNAME: 'alice'}})
    const left = documentOf(await home.run(['auth', 'status', '--json']))
    expect(left.username).toBe('bob')
  })

  test('where the server has gone, the session is removed all the same, with a warning', async () => {
    const sandbox = await openSandbox()
    const home = await signedIn(sandbox.url, 'alice')
    await sandbox.close()
    const {code, stdout, stderr} = await home.run(['auth', 'logout', '--retries', '0'])
    expect({code, stdout}).toEqual({code: 0, stdout: ''})
    expect(stderr).toMatch(
      /^warning: the server did not end the session: [^\n]+\nsigned out alice from [^\n]+\n$/,
    )
    expect(sessionsIn(home)).toBe(0)
  })

  test('a session that the server has ended already is none to warn of', async () => {
    const home = await signedIn(chat.url, 'alice')
    const token = (await home.run(['auth', 'token'])).stdout.trim()
    await fetch(`${chat.url}/api/v1/auth/logout`, {
      method: 'POST',
      headers: {authorization: `Bearer ${token}`},
    })
    const run = await home.run(['auth', 'logout'])
    expect(run).toEqual({code: 0, stdout: '', stderr: `signed out alice from ${chat.url}\n`})
    expect(sessionsIn(home)).toBe(0)
  })

  test('a token in the environment is not mistaken for the session that is signed out', async () => {
    const home = await signedIn(chat.url, 'alice')
    const token = (await home.run(['auth', 'token'])).stdout.trim()
    const other = await signedIn(chat.url, 'bob')
    const foreign = (await other.run(['auth', 'token'])).stdout.trim()
    await home.run(['auth', 'logout'], {env: {VEZA_TOKEN: foreign}})
    expect(sessionsIn(home)).toBe(0)
    expect(await accepts(chat.url, token)).toBe(false)
    expect(await accepts(chat.url, foreign)).toBe(true)
  })

  test('who is not signed in is told so, 4', async () => {
    const run = await makeHome({VEZA_SERVER: chat.url}).run(['auth', 'logout'])
    expect(run).toEqual({
      code: 4,
      stdout: '',
      stderr: `error: not signed in to ${chat.url}\nhint: run: veza auth login\n`,
    })
  })
})
