import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, signIn, useChat} from '../../support/chat.js'
import {closedPort} from '../../support/http-stub.js'
import {type Home, makeHome} from '../../support/veza.js'

const LOGIN = ['auth', 'login', '--insecure-storage', '--json']

/** The texts of all files that a home holds. */
function textsIn(home: Home): string[] {
  return readdirSync(home.folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile() && entry.name.endsWith('.json'))
    .map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

describe.each(DIALECTS)('auth login without a password, %s', dialect => {
  const chat = useChat({dialect})
  const newKey = async (): Promise<string> =>
    ((await chat.call('alice', 'POST', '/auth/api-keys', {name: 'ci'})) as {key: string}).key

  test('--api-key-stdin: who it is, the server says; the key is in one file and in no output', async () => {
    const home = makeHome({VEZA_SERVER: chat.url})
    const key = await newKey()
    const run = await home.run([...LOGIN, '--api-key-stdin', '--debug'], {stdin: `${key}\n`})
    expect(JSON.parse(run.stdout)).toMatchObject({username: 'alice', user_id: 2, kind: 'api-key'})
    expect(run.stdout + run.stderr).not.toContain(key)
    expect(textsIn(home).filter(text => text.includes(key))).toHaveLength(1)
    expect((await home.run(['rooms', 'list'])).code).toBe(0)
  })

  test('--with-token: the token is used as it is', async () => {
    const home = makeHome({VEZA_SERVER: chat.url})
    const token = await signIn(chat.url, 'bob')
    const run = await home.run([...LOGIN, '--with-token', '--debug'], {stdin: token})
    expect(JSON.parse(run.stdout)).toMatchObject({username: 'bob', user_id: 3, kind: 'session'})
    expect(run.stdout + run.stderr).not.toContain(token)
    expect(await home.run(['auth', 'token'])).toMatchObject({code: 0, stdout: `${token}\n`})
    expect(documentOf(await home.run(['auth', 'status', '--json']))).toHaveProperty('expires_at')
  })
})

describe('auth login without a password, what goes wrong', () => {
  const chat = useChat()

  test.each([['--api-key-stdin'], ['--with-token']])(
    '%s that the server refuses leaves nothing',
    async flag => {
      const home = makeHome({VEZA_SERVER: chat.url})
      const run = await home.run([...LOGIN, flag], {stdin: 'veza_ak_n0b0dy'})
      expect(run).toMatchObject({code: 4, stdout: ''})
      expect(run.stderr).not.toContain('n0b0dy')
      expect(textsIn(home)).toEqual([])
      expect((await home.run(['auth', 'status'])).code).toBe(4)
    },
  )

  test.each([
    ['--api-key-stdin', 'the API key'],
    ['--with-token', 'the token'],
  ])('%s with an empty stdin is 2', async (flag, what) => {
    const run = await makeHome({VEZA_SERVER: chat.url}).run([...LOGIN, flag])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run).message).toBe(`${what} is missing on stdin`)
  })

  test.each([
    [['--api-key-stdin', '--with-token']],
    [['--password-stdin', '--with-token']],
    [['--password-stdin', '--api-key-stdin']],
  ])('two ways at once are 2: %j', async flags => {
    const run = await makeHome({VEZA_SERVER: chat.url}).run([...LOGIN, ...flags], {stdin: 'x'})
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(errorOf(run).message).toMatch(/not two of them/)
  })

  test('a server that is not there is 6', async () => {
    const env = {VEZA_SERVER: `http://127.0.0.1:${await closedPort()}`, VEZA_RETRIES: '0'}
    expect(await makeHome(env).run([...LOGIN, '--with-token'], {stdin: 'x'})).toMatchObject({
      code: 6,
      stdout: '',
    })
  })
})
