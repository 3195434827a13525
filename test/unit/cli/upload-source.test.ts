import {spawnSync} from 'node:child_process'
import {appendFile, chmod, mkdtemp, open, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {PassThrough} from 'node:stream'
import {text} from 'node:stream/consumers'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {openUploads, type UploadRules} from '../../../src/lib/cli/upload-source.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {bundleScript, outputAsOrdinaryUser} from '../../support/child-script.js'

const MIB = 1024 * 1024
let root: string
let folder: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-upload-'))
  await chmod(root, 0o755)
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'))
  await chmod(folder, 0o755)
})

const rules = (more: Partial<UploadRules> = {}): UploadRules => ({
  name: undefined,
  maxBytes: 100 * MIB,
  allowEmpty: false,
  stdin: new PassThrough(),
  ...more,
})

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A file of this size that takes no room on the disk. */
async function sparse(name: string, size: number): Promise<string> {
  const handle = await open(join(folder, name), 'w')
  await handle.truncate(size)
  await handle.close()
  return join(folder, name)
}

async function refusal(paths: readonly string[], more?: Partial<UploadRules>): Promise<VezaError> {
  const error = await openUploads(paths, rules(more)).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(VezaError)
  return error as VezaError
}

describe('a file', () => {
  it('is uploaded under its own name, with its type and size', async () => {
    const [upload] = await openUploads([await file('report.pdf', 'content')], rules())
    expect(upload).toMatchObject({name: 'report.pdf', contentType: 'application/pdf', size: 7})
    expect(upload?.once).toBeUndefined()
    expect(upload && (await text(upload.open()))).toBe('content')
  })

  it('can be opened again for another try', async () => {
    const [upload] = await openUploads([await file('a.txt', 'content')], rules())
    expect(upload && [await text(upload.open()), await text(upload.open())]).toEqual(['content', 'content'])
  })

  it('is shown under another name, which tells its type, too', async () => {
    const [upload] = await openUploads([await file('a.txt', 'x')], rules({name: 'b.png'}))
    expect(upload).toMatchObject({name: 'b.png', contentType: 'image/png'})
  })

  it('of an unknown kind is bytes', async () => {
    const [upload] = await openUploads([await file('no-extension', 'x')], rules())
    expect(upload?.contentType).toBe('application/octet-stream')
  })

  it('that grows while it is sent is sent as long as it was', async () => {
    const path = await file('growing.log', 'before')
    const [upload] = await openUploads([path], rules())
    await appendFile(path, ' and after')
    expect(upload && (await text(upload.open()))).toBe('before')
  })

  it('is not opened before it is asked for', async () => {
    const path = await file('a.txt', 'x')
    const [upload] = await openUploads([path], rules())
    await rm(path)
    await expect(upload && text(upload.open())).rejects.toThrow('ENOENT')
  })

  it('stands in the order it was named in', async () => {
    const paths = await Promise.all(['c', 'a', 'b'].map(name => file(name, 'x')))
    const uploads = await openUploads(paths, rules())
    expect(uploads.map(({name}) => name)).toEqual(['c', 'a', 'b'])
  })
})

describe('a file that cannot be uploaded', () => {
  it('is missing', async () => {
    const path = join(folder, 'none')
    expect(await refusal([path])).toMatchObject({
      code: 'file_unreadable',
      exitCode: 2,
      message: `${path} does not exist`,
    })
  })

  it('is a folder, and the hint says what to do', async () => {
    const error = await refusal([folder])
    expect([error.code, error.message]).toEqual(['file_unreadable', `${folder} is a folder`])
    expect(error.hint).toContain('tar')
  })

  it('is empty, unless that is wanted', async () => {
    const path = await file('empty', '')
    const error = await refusal([path])
    expect([error.code, error.message]).toEqual(['file_unreadable', `${path} is empty`])
    expect(error.hint).toContain('--allow-empty')
    const [upload] = await openUploads([path], rules({allowEmpty: true}))
    expect(upload?.size).toBe(0)
    expect(upload && (await text(upload.open()))).toBe('')
  })

  it('is over the limit by a byte', async () => {
    const path = await sparse('big', MIB + 1)
    const error = await refusal([path], {maxBytes: MIB})
    expect([error.code, error.exitCode]).toEqual(['file_too_large', 3])
    expect(error.message).toContain(path)
    expect(error.message).toContain('the limit is 1.0 MiB')
    expect(error.hint).toContain('--max-size')
    for (const maxBytes of [MIB + 1, 0]) {
      expect((await openUploads([path], rules({maxBytes})))[0]?.size).toBe(MIB + 1)
    }
  })

  it.skipIf(process.platform === 'win32')('is not ours to read', async () => {
    const script = await bundleScript(join(import.meta.dirname, 'fixtures', 'read-body.ts'), root)
    const path = await file('private', 'x')
    await chmod(path, 0o000)
    const printed: unknown = JSON.parse(await outputAsOrdinaryUser(script, ['upload', path]))
    expect(printed).toEqual({code: 'file_unreadable', message: `${path} may not be read`})
  })

  it('spoils the run before the first one is opened', async () => {
    const path = await file('good', 'x')
    expect((await refusal([path, join(folder, 'none')])).message).toContain('none does not exist')
  })
})

describe.skipIf(process.platform === 'win32')('a named pipe', () => {
  it('has no size and is read once', async () => {
    const path = join(folder, 'pipe')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    const [upload] = await openUploads([path], rules({maxBytes: 1}))
    expect(upload).toMatchObject({name: 'pipe', once: true})
    expect(upload?.size).toBeUndefined()
    const [received] = await Promise.all([upload && text(upload.open()), writeFile(path, 'through the pipe')])
    expect(received).toBe('through the pipe')
  })
})

describe('stdin', () => {
  it('is uploaded under the name given, once', async () => {
    const stdin = new PassThrough()
    const [upload] = await openUploads(['-'], rules({name: 'log.txt', stdin}))
    expect(upload).toMatchObject({name: 'log.txt', contentType: 'text/plain', once: true})
    expect(upload?.size).toBeUndefined()
    expect(upload?.open()).toBe(stdin)
  })

  it('needs a name', async () => {
    const error = await refusal(['-'])
    expect([error.code, error.exitCode]).toEqual(['usage', 2])
    expect(error.hint).toContain('--name')
  })

  it('that is a terminal holds no file', async () => {
    const stdin = Object.assign(new PassThrough(), {isTTY: true})
    expect((await refusal(['-'], {name: 'a', stdin})).code).toBe('usage')
  })
})

describe('a name', () => {
  it('goes with a single file', async () => {
    const paths = [await file('a', 'x'), await file('b', 'x')]
    expect(await refusal(paths, {name: 'c'})).toMatchObject({
      code: 'usage',
      message: '--name goes with a single file',
    })
  })
})
