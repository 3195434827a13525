import {mkdtemp, readdir, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inspect} from 'node:util'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {encryptedFileStore} from '../../../../src/lib/auth/stores/encrypted-file.js'
import type {SecretStore} from '../../../../src/lib/auth/stores/secret-store.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'

const account = 'ann@https://chat.example.org'
const secret = '{"refreshToken":"hunter2 😀"}'
let root: string
let folder: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-encrypted-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = join(await mkdtemp(join(root, 'case-')), 'credentials')
})

const under = (passphrase: string): SecretStore =>
  encryptedFileStore(
    folder,
    async () => passphrase,
    () => {},
  )
const locked = (): SecretStore =>
  encryptedFileStore(
    folder,
    () => Promise.reject(new VezaError('signed_out', 'no passphrase')),
    () => {},
  )

async function onlyFile(): Promise<string> {
  const [name = '', ...more] = await readdir(folder)
  expect(more).toEqual([])
  return join(folder, name)
}

async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  expect(inspect(error)).not.toMatch(/hunter2|correct horse/)
  return error as VezaError
}

describe('encryptedFileStore', () => {
  it('keeps a secret for who has the passphrase, in a file of mode 0600 that shows nothing of it', async () => {
    await under('correct horse').write(account, secret)
    expect(await under('correct horse').read(account)).toBe(secret)
    const path = await onlyFile()
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).not.toMatch(/hunter2|refreshToken|correct horse/)
  })

  it('tells what and where it is', () => {
    const store = under('x')
    expect([store.kind, store.place]).toEqual(['encrypted-file', `${folder} (encrypted)`])
  })

  it('encrypts the same secret differently each time', async () => {
    await under('x').write(account, secret)
    const before = await readFile(await onlyFile(), 'utf8')
    await under('x').write(account, secret)
    expect(await readFile(await onlyFile(), 'utf8')).not.toBe(before)
  })

  it('takes a passphrase of any characters', async () => {
    await under('ünï 日本 😀').write(account, secret)
    expect(await under('ünï 日本 😀').read(account)).toBe(secret)
  })
})

describe('the passphrase', () => {
  it('that is another one opens nothing', async () => {
    await under('correct horse').write(account, secret)
    const error = await failure(under('battery staple').read(account))
    expect([error.code, error.exitCode]).toEqual(['signed_out', 4])
    expect(error.message).toContain('another passphrase')
    expect(error.hint).toContain('VEZA_PASSPHRASE')
    expect(await under('correct horse').read(account)).toBe(secret)
  })

  it('is not asked for where there is nothing to open', async () => {
    expect(await locked().read(account)).toBeUndefined()
  })

  it('is not needed to remove', async () => {
    await under('correct horse').write(account, secret)
    await locked().remove(account)
    expect(await readdir(folder)).toEqual([])
  })

  it('that is not there is told by who was asked for it', async () => {
    expect((await failure(locked().write(account, secret))).message).toBe('no passphrase')
    expect(await locked().read(account)).toBeUndefined()
  })
})

describe('a file that was tampered with', () => {
  beforeEach(() => under('correct horse').write(account, secret))

  /** Rewrites the sealed text. */
  async function tamper(change: (parts: string[]) => string[]): Promise<void> {
    const path = await onlyFile()
    const content = JSON.parse(await readFile(path, 'utf8')) as {secret: string}
    await writeFile(path, JSON.stringify({...content, secret: change(content.secret.split('.')).join('.')}))
  }

  const flip = (part = ''): string => (part.startsWith('A') ? 'B' : 'A') + part.slice(1)
  const header = (change: object, part = ''): string => {
    const fields = JSON.parse(Buffer.from(part, 'base64url').toString()) as object
    return Buffer.from(JSON.stringify({...fields, ...change})).toString('base64url')
  }

  it.each<[string, (parts: string[]) => string[]]>([
    ['its key', ([head = '', key, ...rest]) => [head, flip(key), ...rest]],
    ['its text', parts => parts.with(3, flip(parts[3]))],
    ['its seal', parts => parts.with(4, flip(parts[4]))],
    ['its header', parts => parts.with(0, header({p2c: 1000}, parts[0]))],
    ['its number of rounds, to keep us busy', parts => parts.with(0, header({p2c: 2 ** 31 - 1}, parts[0]))],
    ['its algorithm', parts => parts.with(0, header({alg: 'dir'}, parts[0]))],
    ['its length', parts => parts.slice(0, 3)],
    ['all of it', () => [secret]],
  ])('is refused: %s', async (_, change) => {
    await tamper(change)
    expect((await failure(under('correct horse').read(account))).code).toBe('signed_out')
  })

  it('by a newer veza is refused and left as it is', async () => {
    const path = await onlyFile()
    await writeFile(path, '{"version": 2, "sealed": "in another way"}')
    const error = await failure(under('correct horse').read(account))
    expect([error.code, error.message]).toEqual(['config', `${path} was written by a newer veza`])
    expect(await readFile(path, 'utf8')).toContain('in another way')
  })
})
