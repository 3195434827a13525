import {chmod, mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inspect} from 'node:util'
import fc from 'fast-check'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {fileStore} from '../../../../src/lib/auth/stores/file.js'
import type {SecretStore} from '../../../../src/lib/auth/stores/secret-store.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const account = 'ann@https://chat.example.org'
let root: string
let folder: string
let store: SecretStore
let notices: string[]

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-file-store-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = join(await mkdtemp(join(root, 'case-')), 'credentials')
  notices = []
  store = fileStore(folder, notice => notices.push(notice))
})

/** The one file of the store. */
async function onlyFile(): Promise<string> {
  const [name = '', ...more] = await readdir(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

async function readFailure(): Promise<VezaError> {
  const error = await store.read(account).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  expect((error as VezaError).code).toBe('config')
  expect(inspect(error)).not.toContain('hunter2')
  return error as VezaError
}

describe('fileStore', () => {
  it('tells what and where it is', () => {
    expect([store.kind, store.place]).toEqual(['file', folder])
  })

  it('touches nothing before it is asked to', async () => {
    expect(await store.read(account)).toBeUndefined()
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  it('keeps a secret in a file of mode 0600, in a folder of mode 0700', async () => {
    await store.write(account, 'hunter2')
    expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect(await fileStore(folder, () => {}).read(account)).toBe('hunter2')
  })

  it('names its file after nothing that an account holds', async () => {
    await store.write('../../etc/passwd@http://x/y', 'hunter2')
    expect(await onlyFile()).toMatch(/\/credentials\/[0-9a-f]{32}\.json$/)
  })

  it('replaces a secret', async () => {
    await store.write(account, 'first')
    await store.write(account, 'second')
    expect(await store.read(account)).toBe('second')
    await onlyFile()
  })

  it('removes one account and leaves the others', async () => {
    await store.write(account, 'hers')
    await store.write('bob@https://chat.example.org', 'his')
    await store.remove(account)
    expect(await store.read(account)).toBeUndefined()
    expect(await store.read('bob@https://chat.example.org')).toBe('his')
    await store.remove(account)
  })

  it('keeps any secret of any account', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({unit: 'grapheme'}), fc.string({unit: 'binary'}), async (name, secret) => {
        await store.write(name, secret)
        expect(await store.read(name)).toBe(secret)
      }),
      {numRuns: 25},
    )
  })

  it('lets accounts be written at once', async () => {
    const names = Array.from({length: 20}, (_, nth) => `user${nth}@http://x`)
    await Promise.all(names.map(name => store.write(name, `secret of ${name}`)))
    const secrets = await Promise.all(names.map(name => store.read(name)))
    expect(secrets).toEqual(names.map(name => `secret of ${name}`))
  })
})

describe('what a killed write has left', () => {
  it.each(['write', 'remove'] as const)('is gone after the next %s of its account', async verb => {
    await store.write(account, 'hunter2')
    const path = await onlyFile()
    const left = [`${path}.0123456789abcdef.tmp`, `${path}.fedcba9876543210.tmp`]
    for (const file of left) await writeFile(file, 'hunter2')
    const others = join(folder, `${'0'.repeat(32)}.json.0123456789abcdef.tmp`)
    await writeFile(others, 'of an account that is being written')
    await (verb === 'write' ? store.write(account, 'new') : store.remove(account))
    const expected = verb === 'write' ? [path, others] : [others]
    expect((await readdir(folder)).map(name => join(folder, name)).sort()).toEqual(expected.sort())
  })
})

describe('a file that is not as we wrote it', () => {
  beforeEach(() => store.write(account, 'hunter2'))

  it('of a newer veza is refused and left as it is', async () => {
    const path = await onlyFile()
    const text = JSON.stringify({version: 2, account, vault: {secret: 'hunter2'}})
    await writeFile(path, text)
    const error = await readFailure()
    expect(error.message).toBe(`${path} was written by a newer veza`)
    expect(error.hint).toContain('update veza')
    expect(await readFile(path, 'utf8')).toBe(text)
  })

  it.each([
    ['cut short', '{"version": 1, "secret": "hunter2'],
    ['empty', ''],
    ['a list', '["hunter2"]'],
    ['without a secret', '{"version": 1, "token": "hunter2"}'],
    ['with a secret that is no text', '{"version": 1, "secret": {"is": "hunter2"}}'],
  ])('%s is a config error that names it and quotes nothing', async (_, text) => {
    const path = await onlyFile()
    await writeFile(path, text)
    expect((await readFailure()).message).toContain(path)
    expect((await readFailure()).hint).toContain('sign in again')
  })

  it('is mended by signing in again', async () => {
    await writeFile(await onlyFile(), '{"version": 1')
    await store.write(account, 'new')
    expect(await store.read(account)).toBe('new')
  })
})

describe.skipIf(process.platform === 'win32')('a file that others may read', () => {
  it.each([0o644, 0o640, 0o604, 0o666])('of mode %o is read, mended and told once', async mode => {
    await store.write(account, 'hunter2')
    const path = await onlyFile()
    await chmod(path, mode)
    expect(await store.read(account)).toBe('hunter2')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await store.read(account)).toBe('hunter2')
    expect(notices).toEqual([`${path} could be read by others; it is closed to them now`])
  })

  it('is replaced by one that others may not read', async () => {
    await store.write(account, 'old')
    await chmod(await onlyFile(), 0o644)
    await store.write(account, 'new')
    expect((await stat(await onlyFile())).mode & 0o777).toBe(0o600)
    expect(notices).toEqual([])
  })
})
