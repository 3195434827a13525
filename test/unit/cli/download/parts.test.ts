import {createHash} from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import type {FileDownload} from '../../../../src/lib/api/file-download.js'
import {claimPart, type PartOwner, removeLeftParts} from '../../../../src/lib/cli/download/claim-part.js'
import {PartFile} from '../../../../src/lib/cli/download/part-file.js'
import {examine, putInPlace} from '../../../../src/lib/cli/download/target.js'
import {writeError} from '../../../../src/lib/cli/download/write-error.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'veza-part-'))
  const made = folder
  onTestFinished(() => rmSync(made, {recursive: true, force: true}))
})

const inFolder = (name: string): string => join(folder, name)
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const fileOf = (validator: string | undefined): FileDownload => ({
  ...{fileName: 'a', contentType: undefined, totalBytes: 10, fromByte: 0, digest: undefined, validator},
  body: (async function* () {})(),
})

const owner = (more: Partial<PartOwner> = {}): PartOwner => ({
  ...{target: inFolder('a.txt'), server: 'http://localhost', fileId: 1, stateDir: inFolder('state')},
  ...more,
})

describe('a part', () => {
  test('takes bytes in their order and knows their hash', async () => {
    const part = await PartFile.open(inFolder('p'), true)
    const pieces = Array.from({length: 40}, (_, index) => Buffer.alloc(100_000, index))
    for (const piece of pieces) await part.write(piece)
    await part.sync()
    await part.close()
    const all = Buffer.concat(pieces)
    expect(readFileSync(inFolder('p')).equals(all)).toBe(true)
    expect([part.size, part.inheritedBytes, part.sha256]).toEqual([
      all.length,
      0,
      createHash('sha256').update(all).digest('hex'),
    ])
  })

  test('goes on with what an earlier run left, or begins anew', async () => {
    writeFileSync(inFolder('p'), 'abc')
    const part = await PartFile.open(inFolder('p'), false)
    expect([part.size, part.inheritedBytes]).toEqual([3, 3])
    await part.write(Buffer.from('def'))
    expect(part.sha256).toBe(sha256('abcdef'))
    await part.restart()
    await part.write(Buffer.from('xy'))
    await part.close()
    await part.close()
    expect(readFileSync(inFolder('p'), 'utf8')).toBe('xy')
    expect([part.size, part.inheritedBytes, part.sha256]).toEqual([2, 0, sha256('xy')])
  })

  test.each([
    ['a link', (path: string) => symlinkSync(inFolder('victim'), path)],
    ['a second name of a file', (path: string) => linkSync(inFolder('victim'), path)],
    ['a folder', (path: string) => mkdirSync(path)],
  ])('is never %s', async (_, plant) => {
    writeFileSync(inFolder('victim'), 'precious')
    plant(inFolder('p'))
    await expect(PartFile.open(inFolder('p'), false)).rejects.toMatchObject({code: 'file_unwritable'})
    expect(readFileSync(inFolder('victim'), 'utf8')).toBe('precious')
  })

  test('that must be new is not there yet', async () => {
    writeFileSync(inFolder('p'), 'abc')
    await expect(PartFile.open(inFolder('p'), true)).rejects.toBeInstanceOf(VezaError)
    expect(readFileSync(inFolder('p'), 'utf8')).toBe('abc')
  })
})

describe('the claim', () => {
  test('finds the part of the same version of the same file again, and no other', async () => {
    const names = new Set<string>()
    for (const [validator, more] of [
      ['"1"', {}],
      ['"1"', {}],
      ['"2"', {}],
      ['"1"', {fileId: 2}],
      ['"1"', {server: 'http://elsewhere'}],
    ] as const) {
      const {part, isKept, release} = await claimPart(owner(more), fileOf(validator))
      expect(isKept).toBe(true)
      names.add(part.path)
      await part.close()
      release()
    }
    expect(names.size).toBe(4)
    for (const name of names) expect(name).toMatch(/a\.txt\.[0-9a-f]{12}\.part$/)
  })

  test('of a second process at the same file is a part of its own', async () => {
    const first = await claimPart(owner(), fileOf('"1"'))
    const second = await claimPart(owner(), fileOf('"1"'))
    expect([first.isKept, second.isKept]).toEqual([true, false])
    expect(second.part.path).not.toBe(first.part.path)
    for (const {part, release} of [first, second]) {
      await part.close()
      release()
    }
  })

  test('is for once where nothing tells the version, or no lock can be made', async () => {
    const versionless = await claimPart(owner(), fileOf(undefined))
    writeFileSync(inFolder('no-folder'), '')
    const lockless = await claimPart(owner({stateDir: inFolder('no-folder')}), fileOf('"1"'))
    expect([versionless.isKept, lockless.isKept]).toEqual([false, false])
    for (const {part, release} of [versionless, lockless]) {
      await part.close()
      release()
    }
  })

  test('does not hold the lock when the part cannot be opened', async () => {
    const {part, release} = await claimPart(owner(), fileOf('"1"'))
    await part.close()
    release()
    rmSync(part.path)
    mkdirSync(part.path)
    await expect(claimPart(owner(), fileOf('"1"'))).rejects.toMatchObject({code: 'file_unwritable'})
    rmSync(part.path, {recursive: true})
    const again = await claimPart(owner(), fileOf('"1"'))
    expect(again.isKept).toBe(true)
    await again.part.close()
    again.release()
  })
})

test('left parts of the same file go, but none that is being written, and nothing else', async () => {
  const live = await claimPart(owner(), fileOf('"1"'))
  const others = ['a.txt', 'b.txt.0123456789ab.part', 'a.txt.part', 'a.txt.0123456789ab.part.bak']
  for (const name of [...others, 'a.txt.0123456789ab.part']) writeFileSync(inFolder(name), '')
  await removeLeftParts(owner())
  const left = readdirSync(folder).filter(name => name !== 'state')
  expect(left.sort()).toEqual([...others, live.part.path.slice(folder.length + 1)].sort())
  await live.part.close()
  live.release()
})

describe('the place', () => {
  test('of nothing is free; a file is in the way unless it may be replaced or kept', async () => {
    expect(await examine(inFolder('x'), 'refuse')).toBeUndefined()
    writeFileSync(inFolder('x'), '')
    await expect(examine(inFolder('x'), 'refuse')).rejects.toMatchObject({code: 'conflict', exitCode: 8})
    for (const existing of ['replace', 'keep'] as const)
      expect((await examine(inFolder('x'), existing))?.isFile()).toBe(true)
  })

  test('is no folder and no device', async () => {
    for (const path of [folder, '/dev/null'])
      await expect(examine(path, 'replace')).rejects.toMatchObject({code: 'file_unwritable'})
    writeFileSync(inFolder('x'), '')
    await expect(examine(inFolder('x/y'), 'refuse')).rejects.toMatchObject({code: 'file_unwritable'})
  })

  test('gets a finished part, and never what another put there meanwhile', async () => {
    writeFileSync(inFolder('p'), 'new')
    await putInPlace(inFolder('p'), inFolder('x'), 'refuse')
    expect([readFileSync(inFolder('x'), 'utf8'), existsSync(inFolder('p'))]).toEqual(['new', false])
    writeFileSync(inFolder('p'), 'newer')
    await expect(putInPlace(inFolder('p'), inFolder('x'), 'refuse')).rejects.toMatchObject({code: 'conflict'})
    expect(readFileSync(inFolder('x'), 'utf8')).toBe('new')
    await putInPlace(inFolder('p'), inFolder('x'), 'replace')
    expect(readFileSync(inFolder('x'), 'utf8')).toBe('newer')
  })

  test('that is a link is replaced itself; what it leads to stays', async () => {
    writeFileSync(inFolder('victim'), 'precious')
    symlinkSync(inFolder('victim'), inFolder('x'))
    await expect(examine(inFolder('x'), 'refuse')).rejects.toMatchObject({code: 'conflict'})
    writeFileSync(inFolder('p'), 'new')
    await putInPlace(inFolder('p'), inFolder('x'), 'replace')
    expect([readFileSync(inFolder('victim'), 'utf8'), readFileSync(inFolder('x'), 'utf8')]).toEqual([
      'precious',
      'new',
    ])
  })

  test('has the rights that any new file has', async () => {
    const before = process.umask(0o027)
    onTestFinished(() => void process.umask(before))
    const part = await PartFile.open(inFolder('p'), true)
    await part.close()
    expect(statSync(inFolder('p')).mode & 0o777).toBe(0o640)
  })
})

describe('a failed write', () => {
  test.each([
    ['ENOSPC', 'failed', /the disk is full/],
    ['EDQUOT', 'failed', /your share of the disk/],
    ['EIO', 'failed', /\(EIO\)/],
    ['EACCES', 'file_unwritable', /not permitted/],
    ['EROFS', 'file_unwritable', /read-only/],
    ['ELOOP', 'file_unwritable', /symbolic link/],
    ['ENAMETOOLONG', 'file_unwritable', /too long/],
  ])('%s is %s', (errno, code, message) => {
    const error = writeError(Object.assign(new Error('x'), {code: errno}), 'a.txt')
    expect(error.code).toBe(code)
    expect(error.message).toMatch(message)
  })

  test('that is ours already stays as it is', () => {
    const error = new VezaError('conflict', 'x')
    expect(writeError(error, 'a')).toBe(error)
  })
})
