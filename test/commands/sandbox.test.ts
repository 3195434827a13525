import {readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {type Fields, signIn} from '../support/chat.js'
import {openSandbox} from '../support/sandbox.js'
import {atTerminal, type Home, makeHome, type Running} from '../support/veza.js'

interface Started extends Running {
  readonly url: string
}

/** Starts `veza sandbox` on a free port and waits until it is live. */
async function start(home: Home, ...args: string[]): Promise<Started> {
  const running = home.start(['sandbox', '--port', '0', ...args])
  const told = await running.sees('stderr', /^ready: \S+\n/m)
  return {...running, url: /^ready: (\S+)$/m.exec(told)?.[1] ?? ''}
}

async function login(url: string): Promise<Fields> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({username: 'alice', password: 'alice-pass'}),
  })
  return (await response.json()) as Fields
}

function post(url: string, token: string, path: string, body: Fields | FormData): Promise<Response> {
  const isForm = body instanceof FormData
  return fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: {authorization: `Bearer ${token}`, ...(isForm ? {} : {'content-type': 'application/json'})},
    body: isForm ? body : JSON.stringify(body),
  })
}

test('says on stderr that it is live and what it is for; Ctrl-C ends it with 130', async () => {
  const sandbox = await start(makeHome())
  expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
  expect((await login(sandbox.url)).success).toBe(true)
  sandbox.child.kill('SIGINT')
  const {code, stdout, stderr} = await sandbox.ended
  expect({code, stdout}).toEqual({code: 130, stdout: ''})
  const [notice, ready, last, ...rest] = stderr.split('\n')
  expect(notice).toMatch(/^for trying out and for tests only: .*alice.*NAME-pass/)
  expect(ready).toBe(`ready: ${sandbox.url}`)
  expect(last).toMatch(/^ended: interrupted; \d+\.\d s; all in it is gone$/)
  expect(rest).toEqual([''])
})

test('SIGTERM ends it with 143, also while a client listens', async () => {
  const home = makeHome()
  const sandbox = await start(home)
  const env = {VEZA_SERVER: sandbox.url, VEZA_TOKEN: await signIn(sandbox.url, 'bob')}
  const tail = home.start(['messages', 'tail', 'general'], {env})
  await tail.sees('stderr', 'ready: ')
  sandbox.child.kill('SIGTERM')
  const {code, stderr} = await sandbox.ended
  expect(code).toBe(143)
  expect(stderr).toMatch(/\nended: terminated; [^\n]+\n$/)
  await tail.sees('stderr', 'disconnected: ')
})

test('--quiet leaves the ready line, --timeout ends it with 124', async () => {
  const sandbox = await start(makeHome(), '--quiet', '--timeout', '3s')
  const stderr = `ready: ${sandbox.url}\nerror: --timeout ran out after 3 s\n`
  expect(await sandbox.ended).toEqual({code: 124, stdout: '', stderr})
})

test('--json has its address on stdout', async () => {
  const sandbox = await start(makeHome(), '--json', '--timeout', '3s')
  const {stdout} = await sandbox.ended
  expect(JSON.parse(stdout)).toEqual({url: sandbox.url, port: Number(new URL(sandbox.url).port)})
})

test('--data keeps what was acknowledged, messages and files, through a SIGKILL', async () => {
  const home = makeHome()
  const data = ['--data', join(home.folder, 'chat.db')]
  const first = await start(home, ...data)
  const token = await signIn(first.url, 'alice')
  const form = new FormData()
  form.set('room_id', '1')
  form.set('file', new Blob(['the bytes']), 'a.txt')
  const sent = await post(first.url, token, '/rooms/1/messages', {content: 'kept 🗝'})
  const uploaded = await post(first.url, token, '/files/upload', form)
  const {data: file} = (await uploaded.json()) as {data: Fields}
  first.child.kill('SIGKILL')
  await first.ended
  expect([sent.status, uploaded.status]).toEqual([201, 201])

  const second = await start(home, ...data)
  // The token is good here, too: the secret that signed it is in the file.
  const headers = {authorization: `Bearer ${token}`}
  const messages = await fetch(`${second.url}/api/v1/rooms/1/messages`, {headers})
  const bytes = await fetch(`${second.url}/api/v1/files/${file.file_id}/download`, {headers})
  expect(await messages.json()).toMatchObject({data: {messages: [{content: 'kept 🗝'}]}})
  expect(await bytes.text()).toBe('the bytes')
  second.child.kill('SIGINT')
  expect((await second.ended).stderr).toMatch(/; the same --data goes on from here\n$/)
})

test('--dialect, --token-ttl, --limits and --max-upload shape what it answers', async () => {
  const [shaped, plain] = await Promise.all([
    start(makeHome(), '--dialect', 'guide', '--token-ttl', '45s', '--limits', '--max-upload', '10'),
    start(makeHome(), '--dialect', 'reference'),
  ])
  const grant = await login(shaped.url)
  expect(grant).toMatchObject({expires_in: 45, user: {username: 'alice'}})
  expect(await login(plain.url)).toMatchObject({success: true, data: {expires_in: 900}})
  const token = String(grant.access_token)

  const form = new FormData()
  form.set('room_id', '1')
  form.set('file', new Blob(['11 bytes...']), 'a.txt')
  expect((await post(shaped.url, token, '/files/upload', form)).status).toBe(413)

  const answers: Response[] = []
  for (let count = 0; count < 11; count += 1) {
    answers.push(await post(shaped.url, token, '/rooms/1/messages', {content: `${count}`}))
  }
  const statuses = answers.map(answer => answer.status)
  expect(statuses.slice(0, 10).every(status => status === 201)).toBe(true)
  expect(statuses[10]).toBe(429)
  expect(answers[10]?.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(answers[0]?.headers.get('x-ratelimit-limit')).toBe('60')
})

test('without --limits nobody is slowed down', async () => {
  const {url} = await start(makeHome())
  const token = await signIn(url, 'alice')
  const sends = Array.from({length: 30}, () => post(url, token, '/rooms/1/messages', {content: 'x'}))
  const statuses = (await Promise.all(sends)).map(answer => answer.status)
  expect(new Set(statuses)).toEqual(new Set([201]))
})

test('--host is where it listens', async () => {
  const {url} = await start(makeHome(), '--host', 'localhost')
  expect(url).toMatch(/^http:\/\/localhost:\d+$/)
  expect((await fetch(`${url}/health`)).status).toBe(200)
})

test('a port in use is a one-line error, 2, and nothing is left behind', async () => {
  const other = await openSandbox()
  const home = makeHome()
  const run = await home.run(['sandbox', '--port', `${other.port}`])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr).toMatch(new RegExp(`^error: [^\n]*${other.port}[^\n]*\n(hint: [^\n]+\n)?$`))
  expect(readdirSync(home.folder).filter(name => name.startsWith('veza-sandbox'))).toEqual([])
})

test.each([
  ['a data file where none can be', ['--data', '/dev/null/chat.db'], '/dev/null/chat.db'],
  ['a wrong dialect', ['--dialect', 'english'], '--dialect wants one of: guide, reference'],
  ['a wrong duration', ['--token-ttl', 'soon'], '--token-ttl wants a duration'],
  ['no upload at all', ['--max-upload', '0'], '--max-upload wants a whole number of at least 1'],
])('%s is a one-line error, 2', async (_what, args, message) => {
  const run = await makeHome().run(['sandbox', '--port', '0', ...args])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr).toMatch(/^error: [^\n]+\n(hint: [^\n]+\n)?$/)
  expect(run.stderr).toMatch(message)
})

test('a data file that is no database is a one-line error, 2, and it stays as it is', async () => {
  const home = makeHome()
  const file = join(home.folder, 'notes.txt')
  writeFileSync(file, 'no database, but somebody’s notes\n'.repeat(100))
  const before = readFileSync(file)
  const run = await home.run(['sandbox', '--port', '0', '--data', file])
  expect(run).toMatchObject({code: 2, stdout: ''})
  expect(run.stderr).toMatch(/^error: [^\n]*notes\.txt[^\n]*\n(hint: [^\n]+\n)?$/)
  expect(readFileSync(file).equals(before)).toBe(true)
  expect(readdirSync(home.folder)).not.toContain('notes.txt.files')
})

test('a wrong port is a one-line error, 2', async () => {
  const run = await makeHome().run(['sandbox', '--port', '65536'])
  expect(run).toEqual({
    code: 2,
    stdout: '',
    stderr: 'error: --port wants a whole number from 0 to 65535\n',
  })
})

test('at a terminal Ctrl-C does the same', async () => {
  const {code, screen} = await atTerminal(makeHome(), ['sandbox', '--port', '0'], {
    typing: [{prompt: 'ready: ', typed: '\u0003'}],
  })
  expect(code).toBe(130)
  expect(screen).toMatch(/ended: interrupted; [^\n]+\n$/)
})
