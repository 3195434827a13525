import {appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import fc from 'fast-check'
import {beforeEach, describe, expect, test} from 'vitest'
import {bytesOf, FakeRoom, runExport, temporaryFolder, verify} from './kit.js'

let folder: string
let root: string

beforeEach(async () => {
  folder = temporaryFolder()
  const room = new FakeRoom()
  room.post('one', 'two é', 'three \ufffd', 'four /files/9/download')
  room.files.set(9, {name: 'notes.txt', body: Buffer.from([0, 1, 2, 255])})
  root = (await runExport(room, folder)).root
})

/** What is said of one file, line by line. */
async function problems(): Promise<string[]> {
  const report = await verify(folder)
  expect(report.ok).toBe(false)
  return report.problems.map(
    ({file, line, problem}) => `${file}${line === undefined ? '' : `:${line}`} ${problem}`,
  )
}

test('a whole export is whole, and its root is the one given', async () => {
  expect(await verify(folder, root)).toMatchObject({ok: true, root, messages: 4, files: 1, problems: []})
  const wrong = await verify(folder, 'f'.repeat(64))
  expect(wrong.problems).toEqual([{file: 'manifest.json', problem: expect.stringContaining('not the root')}])
})

test('any changed byte in any file is found', async () => {
  const files = [...bytesOf(folder)].filter(([, bytes]) => bytes.length > 0)
  expect(files.map(([name]) => name)).toEqual([
    'files/9-notes.txt',
    'index.html',
    'manifest.json',
    'manifest.sha256',
    'messages-00001.ndjson',
  ])
  const place = fc.constantFrom(...files).chain(([name, bytes]) =>
    fc.record({
      name: fc.constant(name),
      bytes: fc.constant(bytes),
      at: fc.nat({max: bytes.length - 1}),
      flip: fc.integer({min: 1, max: 255}),
    }),
  )
  await fc.assert(
    fc.asyncProperty(place, async ({name, bytes, at, flip}) => {
      const spoiled = Buffer.from(bytes)
      spoiled[at] = bytes[at]! ^ flip
      writeFileSync(join(folder, name), spoiled)
      const report = await verify(folder)
      writeFileSync(join(folder, name), bytes)
      expect(report.ok).toBe(false)
    }),
    {numRuns: 300},
  )
  expect((await verify(folder)).ok).toBe(true)
})

test('bytes that read as the same text are not the same', async () => {
  const path = join(folder, 'messages-00001.ndjson')
  const bytes = bytesOf(folder).get('messages-00001.ndjson')!
  const at = bytes.indexOf(Buffer.from('\ufffd'))
  // Three bytes that begin a character and do not end it: also read as U+FFFD.
  writeFileSync(
    path,
    Buffer.concat([bytes.subarray(0, at), Buffer.from([0xf0, 0x90, 0x80]), bytes.subarray(at + 3)]),
  )
  expect(await problems()).toEqual([expect.stringMatching(/^messages-00001\.ndjson:6 /)])
})

describe('what is said', () => {
  test.each([
    ['index.html', () => rmSync(join(folder, 'index.html')), 'index.html is missing'],
    ['a record', () => spoil('"two', '"twa'), /^messages-00001\.ndjson:5 does not fit/],
    ['a hash in a record', () => spoilPrev(6), /^messages-00001\.ndjson:6 does not fit/],
    ['the last record', () => spoil('9-notes', '8-notes'), /^messages-00001\.ndjson:8 does not fit/],
    [
      'more at the end',
      () => appendFileSync(join(folder, 'messages-00001.ndjson'), 'x'),
      /bytes in place of/,
    ],
    [
      'a file',
      () => writeFileSync(join(folder, 'files/9-notes.txt'), 'abcd'),
      'files/9-notes.txt was changed',
    ],
    [
      'a longer file',
      () => appendFileSync(join(folder, 'files/9-notes.txt'), 'x'),
      /has 5 bytes in place of 4/,
    ],
    [
      'a foreign file',
      () => writeFileSync(join(folder, 'files/x'), ''),
      'files/x does not belong to the export',
    ],
    ['a foreign folder', () => mkdirSync(join(folder, 'x')), 'x does not belong to the export'],
    ['a lock that hides something', () => writeFileSync(join(folder, '.lock'), 'x'), '.lock is not empty'],
    ['no hash', () => rmSync(join(folder, 'manifest.sha256')), 'manifest.sha256 is missing'],
    ['no manifest', () => writeFileSync(join(folder, 'manifest.json'), 'x'), /^manifest\.json /],
    ['no records', () => rmSync(join(folder, 'messages-00001.ndjson')), 'messages-00001.ndjson is missing'],
    ['an unfinished run', () => writeFileSync(join(folder, 'checkpoint.json'), '{}'), /unfinished/],
  ])('of %s', async (_what, action, expected) => {
    action()
    const found = await problems()
    expect(found[0]).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
  })

  test('of a link in the place of a file', async () => {
    renameSync(join(folder, 'index.html'), join(folder, '..', 'moved.html'))
    symlinkSync(join(folder, '..', 'moved.html'), join(folder, 'index.html'))
    expect(await problems()).toEqual(['index.html is a link'])
    rmSync(join(folder, '..', 'moved.html'))
  })

  test('of a folder without an export', async () => {
    await expect(verify(temporaryFolder())).rejects.toMatchObject({code: 'not_found'})
    await expect(verify(join(folder, 'nowhere'))).rejects.toMatchObject({code: 'not_found'})
  })
})

test('a path in a changed record leads nowhere else', async () => {
  spoil('files/9-notes.txt', '../../../etc/abc')
  expect((await problems()).join()).not.toContain('etc')
})

function spoil(from: string, to: string): void {
  const path = join(folder, 'messages-00001.ndjson')
  writeFileSync(path, bytesOf(folder).get('messages-00001.ndjson')!.toString().replace(from, to))
}

function spoilPrev(line: number): void {
  const lines = bytesOf(folder).get('messages-00001.ndjson')!.toString().split('\n')
  lines[line - 1] = lines[line - 1]!.replace(/"prev":"./, '"prev":"g')
  writeFileSync(join(folder, 'messages-00001.ndjson'), lines.join('\n'))
}
