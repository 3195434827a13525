import {once} from 'node:events'
import {chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {inspect} from 'node:util'
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest'
import {readJsonFile, writeJsonFile} from '../../../src/lib/config/json-file.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'
import {assertWritable} from '../../../src/lib/state/atomic-file.js'
import {bundleScript, outputAsOrdinaryUser, startScript} from '../../support/child-script.js'

let root: string
let folder: string
let script: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-json-'))
  await chmod(root, 0o755)
  script = await bundleScript(join(import.meta.dirname, 'fixtures', 'write-file.ts'), root)
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'))
})

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8)

/** The `config` error of a call that must fail. */
async function failure(call: Promise<unknown>): Promise<VezaError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(VezaError)
  expect((error as VezaError).code).toBe('config')
  return error as VezaError
}

/** A file of `write-file.ts`, whole: its filler is as long as its number asks for. */
function expectWhole(content: Record<string, unknown> | undefined): number {
  const {nth, filler} = content as {nth: number; filler: string}
  expect(filler).toBe(String(nth % 10).repeat(20_000 + nth))
  return nth
}

describe('readJsonFile', () => {
  it('gives undefined where there is no file, or no folder for one', async () => {
    expect(await readJsonFile(join(folder, 'none.json'))).toBeUndefined()
    expect(await readJsonFile(join(folder, 'no', 'folder', 'none.json'))).toBeUndefined()
    await writeFile(join(folder, 'file'), '')
    expect(await readJsonFile(join(folder, 'file', 'none.json'))).toBeUndefined()
  })

  it('gives the object back that was written', async () => {
    const path = join(folder, 'a.json')
    const value = {text: 'ä\u2028"\\\n😀', list: [1, null, {deep: true}], empty: {}}
    await writeJsonFile(path, value)
    expect(await readJsonFile(path)).toEqual(value)
  })

  it('takes a byte order mark for no part of the text', async () => {
    const path = join(folder, 'a.json')
    await writeFile(path, '\ufeff{"a": 1}')
    expect(await readJsonFile(path)).toEqual({a: 1})
  })

  it.each([
    ['cut short', '{"token": "hunter2-and-mo', 'line 1, column 26'],
    ['no JSON', 'hunter2', 'line 1, column 1'],
    ['empty', '', 'line 1, column 1'],
    ['two documents', '{"a": "hunter2"} {"b": "hunter2"}', 'line 1, column 18'],
    ['a stray character', '{\n  "token": "hunter2",\n}', 'line 3, column 1'],
    ['a fault behind a byte order mark', '\ufeff{"a" "hunter2"}', 'line 1, column 6'],
  ])(
    'names the place in a file that is %s and quotes nothing of it, not even in its cause',
    async (_, text, place) => {
      const path = join(folder, 'a.json')
      await writeFile(path, text)
      const error = await failure(readJsonFile(path))
      expect(error.message).toBe(`${path} is not valid JSON: ${place}`)
      expect(error.hint).toBeDefined()
      expect(inspect(error)).not.toContain('hunter2')
    },
  )

  it.each(['null', '[]', '"hunter2"', '5', 'true'])('refuses %s, which is no object', async text => {
    const path = join(folder, 'a.json')
    await writeFile(path, text)
    const error = await failure(readJsonFile(path))
    expect(error.message).toContain('does not hold a JSON object')
    expect(inspect(error)).not.toContain('hunter2')
  })

  it('names a file that cannot be read', async () => {
    const error = await failure(readJsonFile(folder))
    expect(error.message).toContain(folder)
    expect(error.message).toContain('EISDIR')
  })
})

describe('writeJsonFile', () => {
  it('makes folders of mode 0700 and a file of mode 0600, and nothing else', async () => {
    const path = join(folder, 'new', 'deep', 'a.json')
    await writeJsonFile(path, {a: 1})
    expect(await modeOf(path)).toBe('600')
    expect(await modeOf(join(folder, 'new'))).toBe('700')
    expect(await modeOf(join(folder, 'new', 'deep'))).toBe('700')
    expect(await readdir(join(folder, 'new', 'deep'))).toEqual(['a.json'])
  })

  it('takes the rights of others away from a file that was there', async () => {
    const path = join(folder, 'a.json')
    await writeFile(path, '{"old": true}')
    await chmod(path, 0o666)
    await writeJsonFile(path, {old: false})
    expect(await modeOf(path)).toBe('600')
    expect(await readJsonFile(path)).toEqual({old: false})
  })

  it('gives the file a mode of 0600 whatever the umask', async () => {
    const before = process.umask(0)
    try {
      await writeJsonFile(join(folder, 'wide', 'a.json'), {})
    } finally {
      process.umask(before)
    }
    expect(await modeOf(join(folder, 'wide', 'a.json'))).toBe('600')
    expect(await modeOf(join(folder, 'wide'))).toBe('700')
  })

  it('ends with a line break, for whoever reads it', async () => {
    await writeJsonFile(join(folder, 'a.json'), {a: 1})
    expect(await readFile(join(folder, 'a.json'), 'utf8')).toBe('{\n  "a": 1\n}\n')
  })

  it('names the path and the variables where the folder cannot be made', async () => {
    await writeFile(join(folder, 'file'), '')
    const path = join(folder, 'file', 'sub', 'a.json')
    const error = await failure(writeJsonFile(path, {secret: 'hunter2'}))
    expect(error.message).toBe(`cannot write ${path} (ENOTDIR)`)
    expect(error.hint).toContain('VEZA_STATE_DIR')
    expect(inspect(error)).not.toContain('hunter2')
  })

  it('leaves nothing behind where the file cannot be put in its place', async () => {
    const path = join(folder, 'a.json')
    await mkdir(join(path, 'full'), {recursive: true})
    await failure(writeJsonFile(path, {secret: 'hunter2'}))
    expect(await readdir(folder)).toEqual(['a.json'])
  })

  it('does not write through a link, it takes its place', async () => {
    const target = join(folder, 'target.json')
    await writeFile(target, 'untouched')
    await symlink(target, join(folder, 'a.json'))
    await writeJsonFile(join(folder, 'a.json'), {a: 1})
    expect(await readFile(target, 'utf8')).toBe('untouched')
  })
})

describe('assertWritable', () => {
  it('makes the folder and leaves no file in it', async () => {
    await assertWritable(join(folder, 'state', 'a.json'))
    expect(await readdir(join(folder, 'state'))).toEqual([])
    expect(await modeOf(join(folder, 'state'))).toBe('700')
  })

  it('touches no file that is there', async () => {
    const path = join(folder, 'a.json')
    await writeFile(path, 'text')
    await assertWritable(path)
    expect(await readFile(path, 'utf8')).toBe('text')
  })

  it('fails as the write would', async () => {
    await writeFile(join(folder, 'file'), '')
    const path = join(folder, 'file', 'a.json')
    const probe = await failure(assertWritable(path))
    const write = await failure(writeJsonFile(path, {}))
    expect([probe.message, probe.hint]).toEqual([write.message, write.hint])
  })
})

describe.skipIf(process.platform === 'win32')('a folder that may not be written to', () => {
  it.each([
    ['a write', '1'],
    ['the check before it', '0'],
  ])('fails %s with the path and the reason', async (_, times) => {
    await chmod(folder, 0o555)
    const path = join(folder, 'a.json')
    const printed: unknown = JSON.parse(await outputAsOrdinaryUser(script, [path, times]))
    expect(printed).toEqual({
      code: 'config',
      message: `cannot write ${path} (EACCES)`,
      hint: expect.stringContaining('VEZA_CONFIG_DIR'),
    })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('another process that writes', () => {
  it('never shows a reader a part of a file', async () => {
    const path = join(folder, 'a.json')
    const writer = startScript(script, [path, '200'])
    writer.stdout.resume()
    let ended = false
    const end = once(writer, 'exit').then(() => {
      ended = true
    })
    const seen = new Set<number>()
    const modes = new Set<string>()
    while (!ended) {
      for (const name of await readdir(folder)) modes.add(await modeOf(join(folder, name)).catch(() => '600'))
      const content = await readJsonFile(path)
      if (content !== undefined) seen.add(expectWhole(content))
    }
    await end
    expect(writer.exitCode).toBe(0)
    expect(expectWhole(await readJsonFile(path))).toBe(200)
    // Nor is there a moment at which others may read it, in whichever file it is.
    expect(modes).toEqual(new Set(['600']))
    // The loop did read while the other wrote.
    expect(seen.size).toBeGreaterThan(5)
  })

  it('leaves a whole file when it is killed, at whichever moment', async () => {
    const path = join(folder, 'a.json')
    for (const lines of [1, 2, 5, 9, 14]) {
      const writer = startScript(script, [path, '100000'])
      let told = 0
      for await (const chunk of writer.stdout) {
        told += String(chunk).split('\n').length - 1
        if (told >= lines) writer.kill('SIGKILL')
      }
      expect(expectWhole(await readJsonFile(path))).toBeGreaterThanOrEqual(lines)
      await writeJsonFile(path, {nth: 1, filler: '1'.repeat(20_001)})
      expect(expectWhole(await readJsonFile(path))).toBe(1)
    }
  })
})
