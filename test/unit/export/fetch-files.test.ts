import {createHash} from 'node:crypto'
import {expect, test} from 'vitest'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import type {DownloadPart, SourceFile} from '../../../src/lib/export/types.js'
import {bytesOf, chainOf, FakeRoom, runExport, temporaryFolder, verify} from './kit.js'

const BODY = Buffer.from('a file of which the connection breaks in the middle')
const BROKEN = new VezaError('unreachable', 'the connection broke')

/** A room that names file 7, downloaded as `answer` has it. */
function roomWith(answer: (part: DownloadPart) => Partial<SourceFile>): FakeRoom {
  const room = new FakeRoom()
  room.post('/files/7/download')
  const whole = {
    fileName: 'a.txt',
    contentType: undefined,
    fromByte: 0,
    validator: '"v1"',
    digest: undefined,
    body: bytes(BODY),
  }
  return Object.assign(room, {
    download: async (_id: number, part: DownloadPart) => ({...whole, ...answer(part)}),
  })
}

async function* bytes(body: Buffer, breaks = false): AsyncGenerator<Uint8Array> {
  yield body
  if (breaks) throw BROKEN
}

test.each([
  ['goes on where it broke', true],
  ['begins again where the server sends the whole', false],
])('a broken download %s', async (_what, obeys) => {
  const asked: (number | undefined)[] = []
  const folder = temporaryFolder()
  const room = roomWith(({fromByte, ifRange}) => {
    asked.push(fromByte)
    if (fromByte === undefined) return {body: bytes(BODY.subarray(0, 10), true)}
    expect(ifRange).toBe('"v1"')
    return obeys ? {fromByte, body: bytes(BODY.subarray(fromByte))} : {}
  })
  await runExport(room, folder)
  expect(asked).toEqual([undefined, 10])
  expect(bytesOf(folder).get('files/7-a.txt')).toEqual(BODY)
  expect((await verify(folder)).ok).toBe(true)
})

test('one that breaks again and again ends the run, and the next one has it', async () => {
  const folder = temporaryFolder()
  let tries = 0
  const broken = roomWith(() => {
    tries += 1
    return {validator: undefined, body: bytes(BODY.subarray(0, 5), true)}
  })
  await expect(runExport(broken, folder)).rejects.toBe(BROKEN)
  expect(tries).toBe(6)
  await runExport(
    roomWith(() => ({})),
    folder,
  )
  expect(await verify(folder)).toMatchObject({ok: true, files: 1})
})

test.each(['not_found', 'forbidden', 'refused'] as const)('one that is %s is noted, once', async code => {
  const folder = temporaryFolder()
  const room = roomWith(() => {
    throw new VezaError(code, 'no')
  })
  await runExport(room, folder)
  expect(chainOf(folder).at(-1)?.file).toEqual({file_id: 7, missing: code})
  const again = await runExport(room, folder)
  expect(again.total).toMatchObject({files: 0, missing_files: 1})
  expect(chainOf(folder).filter(({kind}) => kind === 'file')).toHaveLength(1)
})

test('one that is not what the server says it is does not stay', async () => {
  const folder = temporaryFolder()
  const value = createHash('sha256').update('else').digest('hex')
  const room = roomWith(() => ({digest: {algorithm: 'sha-256', value}}))
  expect((await runExport(room, folder)).failures).toMatchObject([
    {fileId: 7, error: {code: 'file_corrupt', message: expect.stringContaining('damaged')}},
  ])
  expect([...bytesOf(folder).keys()].filter(name => name.startsWith('files/'))).toEqual([])
  expect((await verify(folder)).ok).toBe(true)
})

test('one at which the server fails keeps nothing else from the export, and the next run has it', async () => {
  const folder = temporaryFolder()
  const error = new VezaError('server_error', 'it fell over')
  let fails = true
  const room = roomWith(() => {
    if (fails) throw error
    return {}
  })
  room.post('and this')
  const first = await runExport(room, folder)
  expect(first).toMatchObject({failures: [{fileId: 7, error}], total: {messages: 2, files: 0}})
  expect((await verify(folder)).ok).toBe(true)
  fails = false
  expect(await runExport(room, folder)).toMatchObject({failures: [], added: {files: 1}})
  expect(await verify(folder)).toMatchObject({ok: true, files: 1})
})

test.each(['signed_out', 'rate_limited', 'unreachable'] as const)('%s ends the run', async code => {
  const room = roomWith(() => {
    throw new VezaError(code, 'no')
  })
  await expect(runExport(room, temporaryFolder())).rejects.toMatchObject({code})
})
