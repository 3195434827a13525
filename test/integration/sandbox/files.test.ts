import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {mkdtempSync, readdirSync, rmSync, writeFileSync} from 'node:fs'
import {request} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {describe, expect, it} from 'vitest'

import {call, later, signIn, start} from './support.js'

function dataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-test-'))
  later(() => rmSync(folder, {recursive: true, force: true}))
  return join(folder, 'data.db')
}

function form(
  fields: Record<string, string>,
  content: string | Uint8Array<ArrayBuffer> = 'hello',
  name = 'a.txt',
): FormData {
  const body = new FormData()
  body.append('file', new Blob([content], {type: 'text/plain'}), name)
  for (const [field, value] of Object.entries(fields)) body.append(field, value)
  return body
}

async function setUp(dialect: 'guide' | 'reference' = 'reference', maxUploadBytes = 1000) {
  const file = dataFile()
  const sandbox = await start({dialect, maxUploadBytes, dataFile: file})
  const [admin, alice, bob] = await Promise.all(['admin', 'alice', 'bob'].map(name => signIn(sandbox, name)))
  return {sandbox, admin: admin!, alice: alice!, bob: bob!, kept: () => readdirSync(`${file}.files`)}
}

describe('POST /files/upload', () => {
  it('answers with eight fields in the reference dialect', async () => {
    const {alice} = await setUp()
    const reply = await alice.post(
      '/files/upload',
      form({room_id: '1', description: 'd'}, 'hello', 'é 😀.txt'),
    )
    expect(reply.status).toBe(201)
    expect(reply.data).toEqual({
      file_id: 1,
      filename: expect.stringMatching(/\.txt$/),
      url: expect.stringMatching(/^http:.*\/api\/v1\/files\/1\/download$/),
      size: 5,
      original_filename: 'é 😀.txt',
      mime_type: 'text/plain',
      thumbnail_url: null,
      uploaded_at: expect.stringMatching(/Z$/),
    })
  })

  it('answers with four fields in the guide dialect', async () => {
    const {alice} = await setUp('guide')
    const {data} = await alice.post('/files/upload', form({room_id: '1'}))
    expect(data).toEqual({file_id: 1, filename: 'a.txt', url: expect.any(String), size: 5})
  })

  it('takes a file of exactly the limit and keeps nothing of one that is larger', async () => {
    const {alice, kept} = await setUp()
    expect((await alice.post('/files/upload', form({room_id: '1'}, 'x'.repeat(1000)))).status).toBe(201)
    const tooLarge = await alice.post('/files/upload', form({room_id: '1'}, 'x'.repeat(1001)))
    expect(tooLarge).toMatchObject({status: 413, error: {code: 'FILE_TOO_LARGE', details: {max_size: 1000}}})
    expect(kept()).toHaveLength(1)
  })

  it('keeps nothing of a file that is not accepted', async () => {
    const {alice, bob, kept} = await setUp()
    await alice.post('/rooms', {name: 'mine', is_public: false})
    expect((await bob.post('/files/upload', form({room_id: '2'}))).status).toBe(403)
    expect((await bob.post('/files/upload', form({room_id: '9'}))).status).toBe(404)
    expect((await bob.post('/files/upload', form({}))).error).toMatchObject({details: {field: 'room_id'}})
    expect((await bob.post('/files/upload', {room_id: 1})).status).toBe(422)
    const noFile = new FormData()
    noFile.append('room_id', '1')
    expect((await bob.post('/files/upload', noFile)).error).toMatchObject({details: {field: 'file'}})
    expect(kept()).toEqual([])
  })

  it('never leaves its folder, whatever the file is called', async () => {
    const {alice, kept} = await setUp()
    const {data} = await alice.post('/files/upload', form({room_id: '1'}, 'x', '../../../evil.sh/..\\up.p/l'))
    expect(String(data.original_filename)).not.toMatch(/[/\\]/)
    expect(kept()).toEqual([data.filename])
  })

  it('keeps nothing of an upload that breaks off', async () => {
    const {sandbox, alice, kept} = await setUp('reference', 10_000_000)
    const upload = request(`${sandbox.url}/api/v1/files/upload`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${alice.token}`,
        'content-type': 'multipart/form-data; boundary=b',
        'content-length': 1_000_000,
        expect: '100-continue',
      },
    })
    upload.on('error', () => {})
    await once(upload, 'continue')
    upload.write('--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhalf')
    upload.destroy()
    await new Promise(resolve => upload.on('close', resolve))
    await sandbox.close()
    expect(kept()).toEqual([])
  })
})

describe('/files/{id}', () => {
  it('gives the bytes back to whoever may read the room', async () => {
    const {sandbox, alice, bob} = await setUp()
    const bytes = Uint8Array.from({length: 256}, (_, index) => index)
    await alice.post('/files/upload', form({room_id: '1'}, bytes, "it's (1).bin"))
    const response = await fetch(`${sandbox.url}/api/v1/files/1/download`, {
      headers: {authorization: `Bearer ${bob.token}`},
    })
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes)
    expect(response.headers.get('content-length')).toBe('256')
    expect(response.headers.get('content-disposition')).toContain("UTF-8''it%27s%20%281%29.bin")
    expect((await call(sandbox, 'GET', '/files/1/download')).status).toBe(401)
    await alice.post('/rooms', {name: 'mine', is_public: false})
    await alice.post('/files/upload', form({room_id: '2'}))
    expect((await bob.get('/files/2/download')).status).toBe(403)
    expect(await bob.get('/files/9/download')).toMatchObject({status: 404, error: {code: 'FILE_NOT_FOUND'}})
  })

  it('is deleted by its owner or a moderator', async () => {
    const {admin, alice, bob, kept} = await setUp()
    for (let count = 0; count < 2; count += 1) await alice.post('/files/upload', form({room_id: '1'}))
    expect((await bob.delete('/files/1')).status).toBe(403)
    expect((await alice.delete('/files/1')).status).toBe(204)
    expect((await admin.delete('/files/2')).status).toBe(204)
    expect((await alice.get('/files/1/download')).status).toBe(404)
    expect(kept()).toEqual([])
  })
})

describe('a part of a file', () => {
  const content = '0123456789'

  async function get(dialect: 'guide' | 'reference', headers: Record<string, string> = {}, bytes = content) {
    const {sandbox, alice} = await setUp(dialect)
    await alice.post('/files/upload', form({room_id: '1'}, bytes))
    const url = `${sandbox.url}/api/v1/files/1/download`
    const authorization = `Bearer ${alice.token}`
    const whole = await fetch(url, {headers: {authorization}})
    await whole.arrayBuffer()
    const etag = whole.headers.get('etag') ?? ''
    const wanted = Object.entries(headers).map(([name, value]) => [name, value.replace('ETAG', etag)])
    const response = await fetch(url, {headers: {...Object.fromEntries(wanted), authorization}})
    return {response, text: await response.text()}
  }

  it.each([
    [{range: 'bytes=4-'}, '456789', 'bytes 4-9/10'],
    [{range: 'bytes=4-6'}, '456', 'bytes 4-6/10'],
    [{range: 'bytes=4-99'}, '456789', 'bytes 4-9/10'],
    [{range: 'bytes=-3'}, '789', 'bytes 7-9/10'],
    [{range: 'bytes=-99'}, content, 'bytes 0-9/10'],
    [{range: 'bytes=4-', 'if-range': 'ETAG'}, '456789', 'bytes 4-9/10'],
  ])('%j is %s', async (headers, text, contentRange) => {
    const got = await get('reference', headers)
    expect(got.response.status).toBe(206)
    expect(got.text).toBe(text)
    expect(got.response.headers.get('content-range')).toBe(contentRange)
    expect(got.response.headers.get('content-length')).toBe(String(text.length))
  })

  it.each<Record<string, string>>([
    {range: 'bytes=4-', 'if-range': '"another"'},
    {range: 'bytes=4-2'},
    {range: 'bytes=0-1,3-4'},
    {range: 'bytes=-'},
    {range: 'lines=4-'},
  ])('%j is the whole', async headers => {
    const got = await get('reference', headers)
    expect([got.response.status, got.text]).toEqual([200, content])
  })

  it.each([{range: 'bytes=10-'}, {range: 'bytes=-0'}])('%j is none', async headers => {
    const got = await get('reference', headers)
    expect(got.response.status).toBe(416)
    expect(JSON.parse(got.text)).toMatchObject({error: {code: 'RANGE_NOT_SATISFIABLE', details: {size: 10}}})
  })

  it('comes with the digest of the whole', async () => {
    const {response} = await get('reference', {range: 'bytes=4-'})
    const digest = createHash('sha256').update(content).digest('base64')
    expect(response.headers.get('repr-digest')).toBe(`sha-256=:${digest}:`)
  })

  it('is not known to the guide dialect, nor is a digest', async () => {
    const {response, text} = await get('guide', {range: 'bytes=4-'})
    expect([response.status, text]).toEqual([200, content])
    for (const name of ['etag', 'repr-digest', 'accept-ranges'])
      expect(response.headers.has(name)).toBe(false)
  })

  it('of an empty file is the whole of it', async () => {
    const {response, text} = await get('reference', {}, '')
    expect([response.status, text, response.headers.get('content-length')]).toEqual([200, '', '0'])
  })
})

describe.each(['guide', 'reference'] as const)('who may have and delete a file, %s', dialect => {
  it.each([
    // Who, what that user is in the room, and what a download and a deletion are answered with.
    // What is said in private is not for admins, but they keep order.
    ['admin', 'admin of the server', 403, true],
    ['alice', 'owner', 200, true],
    ['bob', 'moderator', 200, true],
    ['bob', 'member', 200, false],
    ['bob', 'none', 403, false],
  ] as const)('%s as %s', async (name, role, download, mayDelete) => {
    const {sandbox, admin, alice, bob} = await setUp(dialect)
    await alice.post('/rooms', {name: 'mine', is_public: false})
    await alice.post('/rooms/2/members', {user_id: 4, role: 'member'})
    if (role === 'member' || role === 'moderator') await alice.post('/rooms/2/members', {user_id: 3, role})
    // By one who is none of those who are asked about: the bot, a member.
    const bot = await signIn(sandbox, 'bot')
    expect((await bot.post('/files/upload', form({room_id: '2'}))).status).toBe(201)
    const user = {admin, alice, bob}[name]
    const response = await fetch(`${sandbox.url}/api/v1/files/1/download`, {
      headers: {authorization: `Bearer ${user.token}`},
    })
    await response.arrayBuffer()
    expect(response.status).toBe(download)
    const {status} = await user.delete('/files/1')
    expect(status < 300 ? 'deleted' : status).toBe(mayDelete ? 'deleted' : 403)
  })
})

it('goes with its room', async () => {
  const {alice, kept} = await setUp()
  await alice.post('/rooms', {name: 'lab'})
  await alice.post('/files/upload', form({room_id: '2'}))
  expect(kept()).toHaveLength(1)
  await alice.delete('/rooms/2')
  expect(kept()).toEqual([])
  expect((await alice.get('/files/1/download')).status).toBe(404)
})

it('keeps whole files across a restart, whatever they are called, and clears away what a kill left', async () => {
  const file = dataFile()
  const before = await start({dataFile: file})
  const {data} = await (await signIn(before, 'alice')).post(
    '/files/upload',
    form({room_id: '1'}, 'x', 'a.part'),
  )
  await before.close()
  writeFileSync(join(`${file}.files`, 'partial-1'), 'half')
  await start({dataFile: file})
  expect(readdirSync(`${file}.files`)).toEqual([data.filename])
})

it('removes the folder of a server without data at close', async () => {
  const temporary = () => readdirSync(tmpdir()).filter(name => name.startsWith('veza-sandbox-'))
  const before = new Set(temporary())
  const sandbox = await start()
  const own = temporary().filter(name => !before.has(name))
  expect(own.length).toBeGreaterThan(0)
  const alice = await signIn(sandbox, 'alice')
  await alice.post('/files/upload', form({room_id: '1'}))
  const mine = own.find(name => readdirSync(join(tmpdir(), name)).length === 1)
  await sandbox.close()
  expect(temporary()).not.toContain(mine)
})
