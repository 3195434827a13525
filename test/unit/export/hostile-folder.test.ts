import {mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {beforeEach, describe, expect, test} from 'vitest'
import {acquireLock} from '../../../src/lib/state/lock.js'
import {bytesOf, FakeRoom, runExport, temporaryFolder, verify} from './kit.js'

let base: string
let folder: string
let outside: string
let room: FakeRoom

beforeEach(() => {
  base = temporaryFolder()
  folder = join(base, 'export')
  outside = join(base, 'outside')
  mkdirSync(folder)
  mkdirSync(outside)
  writeFileSync(join(outside, '7-mine.txt'), 'mine')
  room = new FakeRoom()
  room.files.set(9, {name: 'a.txt', body: Buffer.from('a file')})
  room.post('one', 'see /files/9/download')
})

describe('nothing is written through a link out of the folder', () => {
  const linked = (name: string, target = join(outside, 'new')): void =>
    symlinkSync(target, join(folder, name))

  test.each([
    ['.lock', () => undefined],
    ['.lock-journal', () => undefined],
    ['.spool', () => writeFileSync(join(folder, '.lock'), '')],
    ['messages-00001.ndjson', () => writeFileSync(join(folder, '.lock'), '')],
    ['index.html', () => writeFileSync(join(folder, '.lock'), '')],
  ])('%s, in a folder without an export', async (name, prepare) => {
    prepare()
    linked(name)
    await expect(runExport(room, folder)).rejects.toMatchObject({code: 'conflict'})
    expect(readdirSync(outside)).toEqual(['7-mine.txt'])
  })

  test.each(['messages-00001.ndjson', 'manifest.json', 'index.html', '.spool', 'files'])(
    '%s, in a folder of an export',
    async name => {
      await runExport(room, folder)
      rmSync(join(folder, name), {recursive: true, force: true})
      linked(name, outside)
      room.post('and /files/9/download')
      await expect(runExport(room, folder)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining(name),
      })
      expect(readdirSync(outside)).toEqual(['7-mine.txt'])
    },
  )

  test('files, in a folder of an export that did not finish', async () => {
    room.onCall = () => {
      throw new Error('killed')
    }
    await expect(runExport(room, folder)).rejects.toThrow('killed')
    room.onCall = () => undefined
    linked('files', outside)
    await expect(runExport(room, folder)).rejects.toMatchObject({code: 'conflict'})
    expect(readdirSync(outside)).toEqual(['7-mine.txt'])
  })

  test('the part of a file', async () => {
    mkdirSync(join(folder, 'files'))
    await runExport(Object.assign(new FakeRoom(), {messages: []}), join(base, 'other'))
    for (const name of readdirSync(join(base, 'other')))
      renameSync(join(base, 'other', name), join(folder, name))
    symlinkSync(join(outside, '7-mine.txt'), join(folder, 'files', '9.part'))
    await runExport(room, folder)
    expect(readFileSync(join(outside, '7-mine.txt'), 'utf8')).toBe('mine')
    expect((await verify(folder)).ok).toBe(true)
  })
})

test.each(['.lock', '.spool', 'manifest.json.tmp'])('a %s does not make a folder ours', async name => {
  writeFileSync(join(folder, name), '')
  writeFileSync(join(folder, 'index.html'), 'my page')
  const before = bytesOf(folder)
  await expect(runExport(room, folder)).rejects.toThrow('holds something else')
  expect(bytesOf(folder)).toEqual(before)
})

test('what a kill before the first checkpoint leaves is no hindrance', async () => {
  writeFileSync(join(folder, '.lock'), '')
  writeFileSync(join(folder, 'checkpoint.json.0123456789abcdef.tmp'), '{"form')
  await runExport(room, folder)
  expect(await verify(folder)).toMatchObject({ok: true, messages: 2})
})

describe('verify', () => {
  beforeEach(() => runExport(room, folder))

  test.each(['manifest.json', 'manifest.sha256'])('tells that %s is a link', async name => {
    renameSync(join(folder, name), join(outside, name))
    symlinkSync(join(outside, name), join(folder, name))
    expect((await verify(folder)).problems).toEqual([{file: name, problem: 'is a link'}])
  })

  test('tells of a manifest that is gone', async () => {
    rmSync(join(folder, 'manifest.json'))
    expect((await verify(folder)).problems).toEqual([{file: 'manifest.json', problem: 'is missing'}])
    rmSync(join(folder, 'manifest.sha256'))
    expect((await verify(folder)).ok).toBe(false)
  })

  test('tells of a manifest that is a folder', async () => {
    rmSync(join(folder, 'manifest.json'))
    mkdirSync(join(folder, 'manifest.json'))
    expect((await verify(folder)).problems).toEqual([{file: 'manifest.json', problem: 'is no file'}])
  })

  test('tells of bytes that hide where the lock has its own', async () => {
    writeFileSync(join(folder, '.lock-journal'), Buffer.alloc(513))
    expect((await verify(folder)).problems).toEqual([
      {file: '.lock-journal', problem: 'has 513 bytes in place of 512'},
    ])
  })

  test('takes no offence at a lock that is held, nor at what it left when its holder was killed', async () => {
    const release = await acquireLock(join(folder, '.lock'))
    const left = readFileSync(join(folder, '.lock-journal'))
    expect(await verify(folder)).toMatchObject({ok: true})
    release()
    writeFileSync(join(folder, '.lock-journal'), left)
    expect(await verify(folder)).toMatchObject({ok: true})
    await runExport(room, folder)
    expect(await verify(folder)).toMatchObject({ok: true})
  })
})
