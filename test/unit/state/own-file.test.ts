import {execFile} from 'node:child_process'
import {chmod, lstat, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {readOwnFile, targetOf} from '../../../src/lib/state/own-file.js'
import {openStateFile} from '../../../src/lib/state/state-file.js'
import {bundleScript, outputAsOrdinaryUser} from '../../support/child-script.js'

let root: string
let folder: string

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'veza-own-')))
  await chmod(root, 0o755)
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'))
})

function target(path: string): Promise<string> {
  return targetOf(path, 'the file')
}

/** Writes a word to the file as a state, and closes it. */
async function write(path: string, word: string): Promise<void> {
  const file = await openStateFile({
    path,
    name: 'the file',
    read: () => word,
    render: state => state,
    onError: () => undefined,
  })
  file.changed()
  await file.close()
}

describe('the file that a path leads to', () => {
  it('is the path itself where there is no link', async () => {
    expect(await target(join(folder, 'a'))).toBe(join(folder, 'a'))
    await writeFile(join(folder, 'a'), '')
    expect(await target(join(folder, 'x', '..', 'a'))).toBe(join(folder, 'a'))
  })

  it('is the same for all its names, also before it is there', async () => {
    await mkdir(join(folder, 'real'))
    await symlink('real', join(folder, 'link'))
    expect(await target(join(folder, 'link', 'a'))).toBe(join(folder, 'real', 'a'))
  })

  it('is what a link leads to, which is written while the link stays', async () => {
    const [file, link, second] = [join(folder, 'file'), join(folder, 'link'), join(folder, 'second')]
    await writeFile(file, 'old')
    await symlink('file', link)
    await symlink(link, second)
    await write(second, 'new')
    expect(await readFile(file, 'utf8')).toBe('new')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await lstat(second)).isSymbolicLink()).toBe(true)
  })

  it('is made where a link leads to nothing yet', async () => {
    const link = join(folder, 'link')
    await symlink(join('later', 'file'), link)
    await write(link, 'new')
    expect(await readFile(join(folder, 'later', 'file'), 'utf8')).toBe('new')
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
  })

  it('is none in a circle of links, or behind a file', async () => {
    const [one, other, file] = [join(folder, 'one'), join(folder, 'other'), join(folder, 'file')]
    await symlink(one, other)
    await symlink(other, one)
    await expect(target(one)).rejects.toMatchObject({
      code: 'config',
      message: 'the file cannot be there (ELOOP)',
    })
    await writeFile(file, '')
    await expect(target(join(file, 'a'))).rejects.toMatchObject({code: 'config'})
  })
})

describe('a file of ours', () => {
  it('is undefined where there is none', async () => {
    expect(await readOwnFile(join(folder, 'a'), 'the file')).toBeUndefined()
  })

  it('is refused when it is a folder, and no lock is put beside that', async () => {
    await mkdir(join(folder, 'a'))
    await expect(write(join(folder, 'a'), 'new')).rejects.toMatchObject({
      code: 'file_unreadable',
      message: 'the file is a folder',
    })
    await expect(lstat(join(folder, 'a.lock'))).rejects.toThrow('ENOENT')
  })

  it.skipIf(process.platform === 'win32')('is refused when it is a device or a pipe', async () => {
    const refusal = {code: 'file_unreadable', message: 'the file is no regular file'}
    await expect(readOwnFile('/dev/null', 'the file')).rejects.toMatchObject(refusal)
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    await expect(write(join(folder, 'pipe'), 'new')).rejects.toMatchObject(refusal)
  })
})

describe.skipIf(process.platform === 'win32')('a file that an ordinary user', () => {
  let script: string

  beforeAll(async () => {
    script = await bundleScript(join(import.meta.dirname, 'fixtures', 'state-file-script.ts'), root)
  })

  async function checked(path: string): Promise<unknown> {
    await chmod(folder, 0o755)
    const printed = await outputAsOrdinaryUser(script, ['check', path])
    return printed === '' ? 'fine' : JSON.parse(printed)
  }

  it.each([
    ['may not read', 0o000],
    ['may not write', 0o444],
  ])('%s is refused', async (_, mode) => {
    const path = join(folder, 'a')
    await writeFile(path, 'text')
    await chmod(path, mode)
    expect(await checked(path)).toEqual({
      code: 'file_unreadable',
      message: 'the file may not be read and written (EACCES)',
    })
  })

  it('cannot make, for its folder is refused', async () => {
    expect(await checked(join(folder, 'b', 'a'))).toEqual({
      code: 'config',
      message: 'the file cannot be there (EACCES)',
    })
    expect(await checked(join(folder, 'a'))).toMatchObject({code: 'config'})
  })
})
