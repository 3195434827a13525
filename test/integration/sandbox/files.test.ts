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
