import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {createInterface} from 'node:readline'

import {build} from 'esbuild'
import {expect, it} from 'vitest'

import {call, later, online, signIn, start} from './support.js'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  later(() => rmSync(path, {recursive: true, force: true}))
  return path
}

it('keeps everything across a restart, the sessions too', async () => {
  const dataFile = join(folder(), 'data.db')
  const before = await start({dataFile})
  const body = {username: 'alice', password: 'alice-pass'}
  const {data} = await call(before, 'POST', '/auth/login', {body})
  const token = String(data.access_token)
  await call(before, 'POST', '/rooms', {token, body: {name: 'lab'}})
  await call(before, 'POST', '/rooms/2/messages', {
    token,
    body: {content: 'kept', metadata: {client_id: 'k'}},
  })
  await before.close()

  const after = await start({dataFile})
  expect((await call(after, 'GET', '/rooms/2/messages', {token})).data).toMatchObject({
    messages: [{content: 'kept', username: 'alice'}],
  })
  const repeat = await call(after, 'POST', '/rooms/2/messages', {
    token,
    body: {content: 'kept', metadata: {client_id: 'k'}},
  })
  expect(repeat.status).toBe(200)
  const renewed = await call(after, 'POST', '/auth/refresh', {body: {refresh_token: data.refresh_token}})
  expect(renewed.status).toBe(200)
})

it('forgets everything without a data file, and signs with another secret each time', async () => {
  const [one, two] = [await start(), await start()]
  const {token} = await signIn(one, 'alice')
  expect((await call(two, 'GET', '/users/me', {token})).status).toBe(401)
})

it('refuses to start on a port that is taken', async () => {
  const {port} = await start()
  await expect(start({port})).rejects.toThrow('the port is in use')
})

/** The server as it is shipped: bundled, in a process of its own. */
async function spawnBundle(dataFile: string, outfile: string) {
  const root = resolve(import.meta.dirname, '../../..')
  const contents = `import {startSandbox} from './src/sandbox/index.js'
    startSandbox({dataFile: process.argv[2]}).then(sandbox => console.log(sandbox.url))`
  await build({
    stdin: {contents, resolveDir: root, loader: 'ts'},
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['libsql'],
    logLevel: 'error',
    outfile,
  })
  const child = spawn(process.execPath, [outfile, dataFile], {
    env: {...process.env, NODE_PATH: join(root, 'node_modules')},
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  later(() => child.kill('SIGKILL'))
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return {child, sandbox: {url}}
}

it('loses nothing it has acknowledged when it is killed while sending', async () => {
  const path = folder()
  const dataFile = join(path, 'data.db')
  const {child, sandbox} = await spawnBundle(dataFile, join(path, 'server.cjs'))
  const alice = await signIn(sandbox, 'alice')
  const file = new FormData()
  file.append('room_id', '1')
  file.append('file', new Blob(['bytes']), 'a.txt')
  expect((await alice.post('/files/upload', file)).status).toBe(201)

  const client = await online(sandbox, alice)
  for (let count = 0; count < 5_000; count += 1) {
    client.send('send_message', {room_id: 1, content: `m${count}`, metadata: {client_id: String(count)}})
  }
  const acknowledged: number[] = []
  client.socket.on('message', raw => {
    const {data} = JSON.parse(String(raw))
    acknowledged.push(data.message_id)
    if (acknowledged.length === 500) child.kill('SIGKILL')
  })
  await client.close()
  expect(acknowledged.length).toBeGreaterThanOrEqual(500)

  const again = await start({dataFile})
  const reader = await signIn(again, 'alice')
  const stored: number[] = []
  for (let before = Number.MAX_SAFE_INTEGER; ; before = stored.at(-1) ?? 0) {
    const {data} = await reader.get(`/rooms/1/messages?limit=100&before_id=${before}`)
    for (const message of data.messages as unknown as {id: number}[]) stored.push(message.id)
    if (!data.has_more) break
  }
  expect(new Set(stored)).toEqual(expect.objectContaining({size: stored.length}))
  expect(acknowledged.filter(id => !stored.includes(id))).toEqual([])
  const response = await fetch(`${again.url}/api/v1/files/1/download`, {
    headers: {authorization: `Bearer ${reader.token}`},
  })
  expect(await response.text()).toBe('bytes')
})
