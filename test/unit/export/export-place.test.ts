import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {expect, test} from 'vitest'
import {acquireLock} from '../../../src/lib/state/lock.js'
import {bytesOf, chainOf, contentsOf, FakeRoom, runExport, temporaryFolder, verify} from './kit.js'

const texts = (count: number, from = 1): string[] =>
  Array.from({length: count}, (_, n) => `message ${n + from}`)

test('messages come oldest first, behind the run, the room and its members', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(25))
  const result = await runExport(room, folder)
  expect(chainOf(folder).map(({kind}) => kind)).toEqual([
    'run',
    'room',
    'members',
    ...texts(25).map(() => 'message'),
  ])
  expect(contentsOf(folder)).toEqual(texts(25))
  expect(result).toMatchObject({
    added: {messages: 25},
    total: {messages: 25},
    resumed: false,
    membersComplete: true,
  })
  expect(await verify(folder, result.root)).toMatchObject({
    ok: true,
    messages: 25,
    records: 28,
    root: result.root,
  })
})

test('a run that finds nothing new changes no byte', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(12))
  const first = await runExport(room, folder)
  const before = bytesOf(folder)
  const second = await runExport(room, folder)
  expect(bytesOf(folder)).toEqual(before)
  expect(second).toMatchObject({root: first.root, added: {messages: 0}})
})

test('what changed, went or came late is appended, and nothing before it is touched', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(30))
  const late = room.messages.splice(20, 1)
  await runExport(room, folder)
  const before = readFileSync(join(folder, 'messages-00001.ndjson'))
  room.messages = room.messages.filter(({id}) => id !== 5)
  room.messages[6] = {...room.messages[6]!, content: 'edited', thread_count: 4}
  room.messages[8] = {...room.messages[8]!, thread_count: 4}
  room.messages[9] = {...room.messages[9]!, reactions: [{emoji: '👍', count: 1, users: [{id: 2}]}]}
  room.messages.splice(19, 0, ...late)
  room.about = {id: 1, name: 'renamed'}
  room.post('new')
  await runExport(room, folder)
  const after = readFileSync(join(folder, 'messages-00001.ndjson'))
  expect(after.subarray(0, before.length)).toEqual(before)
  const added = chainOf(folder).slice(32)
  expect(added.map(({kind, message, deleted}) => [kind, message?.id ?? deleted?.id])).toEqual([
    ['run', undefined],
    ['room', undefined],
    ['message', 31],
    ['message', 21],
    ['revision', 11],
    ['revision', 8],
    ['deleted', 5],
  ])
  expect((await verify(folder)).ok).toBe(true)
})

test('only the last messages are looked at again, and none with 0', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(30))
  await runExport(room, folder)
  room.messages[29] = {...room.messages[29]!, content: 'edited'}
  room.messages[2] = {...room.messages[2]!, content: 'edited'}
  await runExport(room, folder, 0)
  expect(chainOf(folder)).toHaveLength(33)
  await runExport(room, folder, 5)
  expect(
    chainOf(folder)
      .slice(33)
      .map(({message}) => message?.id),
  ).toEqual([undefined, 30])
})

test('a server that ignores before_id has nobody taken for deleted', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(25))
  await runExport(room, folder)
  const newest = room.messages.slice(-10).reverse()
  const deaf = Object.assign(new FakeRoom(), {page: async () => ({items: newest, has_more: true})})
  expect(await runExport(deaf, folder)).toMatchObject({added: {deletions: 0, messages: 0}})
})

test('killed at any moment and torn behind the checkpoint, it ends with every message once', async () => {
  const moments = fc.array(fc.nat({max: 14}), {minLength: 1, maxLength: 8})
  await fc.assert(
    fc.asyncProperty(moments, fc.boolean(), async (kills, isTorn) => {
      const [room, folder] = [new FakeRoom(), temporaryFolder()]
      room.post(...texts(95))
      room.files.set(7, {name: 'a.txt', body: Buffer.from('a file')})
      room.post('see /files/7/download')
      for (const [round, calls] of kills.entries()) {
        let left = calls
        room.onCall = () => {
          left -= 1
          if (left < 0) throw new Error('killed')
        }
        await runExport(room, folder).catch(() => undefined)
        const isUnfinished = existsSync(join(folder, 'checkpoint.json'))
        if (isTorn && isUnfinished) {
          appendFileSync(join(folder, 'messages-00001.ndjson'), '{"prev":"torn')
          appendFileSync(join(folder, '.spool'), '{"id":1,"content":"torn')
          writeFileSync(join(folder, 'messages-00002.ndjson'), 'torn')
        }
        room.post(`meanwhile ${round}`)
      }
      room.onCall = () => undefined
      await runExport(room, folder)
      expect(contentsOf(folder)).toEqual(room.messages.map(({content}) => content))
      expect(await verify(folder)).toMatchObject({ok: true, files: 1})
      expect(bytesOf(folder).has('.spool')).toBe(false)
    }),
    {numRuns: 25},
  )
})

test('killed when the last of what was read had become records, it goes on', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(3))
  await runExport(room, folder)
  const {chain, source} = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const spool = {bytes: 0, oldest_id: 1, newest_id: 3, complete: true}
  const checkpoint = {format: 'veza-export-checkpoint', version: 1, source, chain, spool}
  writeFileSync(join(folder, 'checkpoint.json'), JSON.stringify(checkpoint))
  writeFileSync(join(folder, '.spool'), '{"id":3,"content":"turned round already"}\n')
  expect(await runExport(room, folder)).toMatchObject({resumed: true, total: {messages: 3}})
  expect(await verify(folder)).toMatchObject({ok: true})
})

test('one that came late makes no other count twice', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(10))
  const [late] = room.messages.splice(4, 1)
  await runExport(room, folder)
  if (late !== undefined) room.messages.splice(4, 0, late)
  await runExport(room, folder)
  expect(contentsOf(folder)).toHaveLength(10)
  expect(await runExport(room, folder, 3)).toMatchObject({added: {messages: 0, revisions: 0, deletions: 0}})
})

test('a run that goes on reads no page again', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(100))
  room.onCall = () => {
    if (room.pages === 9) throw new Error('killed')
  }
  await expect(runExport(room, folder)).rejects.toThrow('killed')
  room.onCall = () => undefined
  room.pages = 0
  expect(await runExport(room, folder)).toMatchObject({resumed: true, total: {messages: 100}})
  // What was left, a page that the last checkpoint may not have had, and a look for what came since.
  expect(room.pages).toBeLessThan(6)
})

test('files that messages name are kept under harmless names, those that are gone are noted', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.files.set(3, {name: '../../etc/evil.html', body: Buffer.from('<script>')})
  room.post('http://chat.test/api/v1/files/3/download', 'http://else.test/files/4/download')
  await runExport(room, folder)
  expect(chainOf(folder).at(-1)?.file).toMatchObject({
    file_id: 3,
    name: '../../etc/evil.html',
    path: 'files/3-evil.html.txt',
    bytes: 8,
  })
  expect(bytesOf(folder).get('files/3-evil.html.txt')).toEqual(Buffer.from('<script>'))
})

test.each([
  ['holds something else', (folder: string) => writeFileSync(join(folder, 'photo.jpg'), '')],
  [
    'was changed since the last run',
    (folder: string) => appendFileSync(join(folder, 'messages-00001.ndjson'), '\n'),
  ],
  [
    'line 4 was changed since',
    (folder: string) => changeByte(folder, 'messages-00001.ndjson', 'message 1', 'massage 1'),
  ],
  ['is damaged', (folder: string) => writeFileSync(join(folder, 'manifest.json'), '{}')],
])('a folder that %s is left alone', async (message, spoil) => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  room.post(...texts(3))
  if (message !== 'holds something else') await runExport(room, folder)
  spoil(folder)
  const before = bytesOf(folder)
  await expect(runExport(room, folder)).rejects.toThrow(message)
  expect(bytesOf(folder)).toEqual(before)
})

test('another room, and a second run at once, are refused', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  await runExport(room, folder)
  const other = Object.assign(new FakeRoom(), {place: {kind: 'room', id: 2, name: 'other'}})
  await expect(runExport(other, folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('room 1'),
  })
  const release = await acquireLock(join(folder, '.lock'))
  await expect(runExport(room, folder)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('another veza'),
  })
  release()
  await runExport(room, folder)
})

test('a page that is gone is made again', async () => {
  const [room, folder] = [new FakeRoom(), temporaryFolder()]
  await runExport(room, folder)
  rmSync(join(folder, 'index.html'))
  await runExport(room, folder)
  expect(await verify(folder)).toMatchObject({ok: true})
})

test('nobody else may read the folder', async () => {
  const [room, folder] = [new FakeRoom(), join(temporaryFolder(), 'new', 'one')]
  room.post('secret')
  await runExport(room, folder)
  const modes = ['', 'messages-00001.ndjson', 'manifest.json', 'index.html'].map(
    name => statSync(join(folder, name)).mode & 0o077,
  )
  expect(modes).toEqual([0, 0, 0, 0])
})

test('what is no folder, or leads nowhere, is refused', async () => {
  const base = temporaryFolder()
  writeFileSync(join(base, 'file'), '')
  await expect(runExport(new FakeRoom(), join(base, 'file'))).rejects.toMatchObject({code: 'conflict'})
  mkdirSync(join(base, 'real'))
  symlinkSync(join(base, 'real'), join(base, 'link'))
  await runExport(new FakeRoom(), join(base, 'link'))
  expect((await verify(join(base, 'real'))).ok).toBe(true)
})

function changeByte(folder: string, name: string, from: string, to: string): void {
  const path = join(folder, name)
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
}
