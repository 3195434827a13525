import {once} from 'node:events'
import {mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest'
import type {VezaError} from '../../../src/lib/errors/veza-error.js'
import {openStateFile, type StateFile} from '../../../src/lib/state/state-file.js'
import {bundleScript, startScript} from '../../support/child-script.js'
import {ManualTimers} from '../realtime/manual-timers.js'

let root: string
let folder: string
let path: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-state-'))
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  folder = await mkdtemp(join(root, 'case-'))
  path = join(folder, 'count')
})

interface Count {
  count: number
}

/** A file that holds a number, with what was written to it and what went wrong. */
async function openCount(at = path) {
  const timers = new ManualTimers()
  const written: string[] = []
  const errors: VezaError[] = []
  const file = await openStateFile<Count>({
    path: at,
    name: 'the count',
    read: text => ({count: Number(text ?? 0)}),
    render: ({count}) => {
      written.push(`${count}`)
      return `${count}`
    },
    onError: error => errors.push(error),
    now: timers.now,
    setTimer: timers.setTimer,
  })
  onTestFinished(() => file.close().catch(() => undefined))
  return {file, timers, written, errors}
}

function count(file: StateFile<Count>, times = 1): void {
  for (let nth = 0; nth < times; nth += 1) {
    file.state.count += 1
    file.changed()
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(resolve => setImmediate(resolve))
}

/** The folder goes, and something else is in its place. */
async function breakFolder(): Promise<void> {
  await rename(folder, `${folder}-away`)
  await writeFile(folder, '')
}

async function mendFolder(): Promise<void> {
  await rm(folder)
  await rename(`${folder}-away`, folder)
}

describe('a state file', () => {
  it('is there for the next one after it was closed', async () => {
    const {file} = await openCount()
    count(file, 3)
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('3')
    expect((await openCount()).file.state.count).toBe(3)
  })

  it('is not made, nor changed, before there is something to keep', async () => {
    const {file} = await openCount()
    await file.close()
    expect(await readdir(folder)).toEqual(['count.lock'])
  })

  it('is for its owner only, its folder made where it is missing', async () => {
    const {file} = await openCount(join(folder, 'a', 'b', 'count'))
    count(file)
    await file.close()
    expect((await stat(join(folder, 'a', 'b', 'count'))).mode & 0o777).toBe(0o600)
  })

  it('is written at once after the first change, then after 100 ms, with the state of then', async () => {
    const {file, timers, written} = await openCount()
    count(file)
    expect(written).toEqual(['1'])
    await file.saved()
    expect(written).toEqual(['1'])
    count(file, 100_000)
    timers.advance(99)
    expect(written).toEqual(['1'])
    timers.advance(1)
    expect(written).toEqual(['1', '100001'])
    await file.saved()
    expect(await readFile(path, 'utf8')).toBe('100001')
  })

  it('is written at once again after a rest', async () => {
    const {file, timers, written} = await openCount()
    count(file)
    await file.saved()
    timers.advance(100)
    expect(timers.pending).toBe(0)
    count(file)
    expect(written).toEqual(['1', '2'])
  })

  it('is never written twice at once, however long a write takes', async () => {
    const {file, timers, written} = await openCount()
    count(file)
    timers.advance(1000)
    count(file)
    expect(written).toEqual(['1'])
    await until(() => written.length === 2)
    expect(written).toEqual(['1', '2'])
    await file.saved()
    expect(await readFile(path, 'utf8')).toBe('2')
  })

  it('waits after a short write for what is left of the 100 ms', async () => {
    const {file, timers, written} = await openCount()
    count(file)
    timers.advance(50)
    count(file)
    await until(() => timers.pending === 1)
    timers.advance(49)
    expect(written).toEqual(['1'])
    timers.advance(1)
    expect(written).toEqual(['1', '2'])
  })

  it('is safe before its time where somebody waits for that', async () => {
    const {file, timers} = await openCount()
    count(file)
    await file.saved()
    count(file)
    await file.saved()
    expect(await readFile(path, 'utf8')).toBe('2')
    expect(timers.pending).toBe(0)
  })

  it('is left alone after it was closed', async () => {
    const {file, timers, written} = await openCount()
    count(file)
    const closing = file.close()
    count(file)
    await closing
    count(file)
    await file.close()
    expect(written).toEqual(['1'])
    expect(timers.pending).toBe(0)
  })
})

describe('a state file for one process', () => {
  let script: string

  beforeAll(async () => {
    script = await bundleScript(join(import.meta.dirname, 'fixtures', 'state-file-script.ts'), root)
  })

  it('is refused to a second one until it is closed', async () => {
    const {file} = await openCount()
    await expect(openCount()).rejects.toMatchObject({
      code: 'conflict',
      message: 'another veza uses the count',
      hint: 'give each its own, or end the other one first',
    })
    await file.close()
    await openCount()
  })

  it('is free after a kill, and has all that was safe, whole', async () => {
    const counter = startScript(script, ['count', path])
    onTestFinished(() => void counter.kill('SIGKILL'))
    let last = 0
    for await (const line of createInterface({input: counter.stdout})) {
      last = Number(line)
      if (last === 1) await expect(openCount()).rejects.toMatchObject({code: 'conflict'})
      if (last === 20) counter.kill('SIGKILL')
    }
    if (counter.exitCode === null && counter.signalCode === null) await once(counter, 'exit')
    expect(await readFile(path, 'utf8')).toHaveLength(50_000)
    const {file} = await openCount()
    expect(file.state.count).toBeGreaterThanOrEqual(last)
    expect(file.state.count).toBeLessThanOrEqual(last + 1)
  })

  it('takes away what a kill in the middle of a write has left, and nothing else', async () => {
    const strangers = ['count.0123.tmp', 'counts.0123456789abcdef.tmp', 'count.0123456789abcdef.tmp.gz']
    for (const name of [...strangers, 'count.0123456789abcdef.tmp', 'count.00112233aabbccdd.tmp']) {
      await writeFile(join(folder, name), '')
    }
    await openCount()
    const left = await readdir(folder)
    expect(left.filter(name => name.includes('.tmp')).sort()).toEqual(strangers.sort())
  })

  it('is free where its text could not be understood', async () => {
    const wrong = new Error('no number')
    const refused = openStateFile({
      path,
      name: 'the count',
      read: () => {
        throw wrong
      },
      render: () => '',
      onError: () => undefined,
    })
    await expect(refused).rejects.toBe(wrong)
    await openCount()
  })
})

describe.skipIf(process.platform === 'win32')('a state file that cannot be written any more', () => {
  const message = 'cannot write the count (EEXIST)'

  it('is told of once, and again when it is closed', async () => {
    const {file, timers, errors, written} = await openCount()
    await breakFolder()
    count(file)
    await until(() => errors.length > 0)
    count(file)
    timers.advance(10_000)
    expect(written).toEqual(['1'])
    await expect(file.close()).rejects.toMatchObject({code: 'failed', message})
    expect(errors).toMatchObject([{code: 'failed', message}])
  })

  it('tells whoever waits for it', async () => {
    const {file, errors} = await openCount()
    await breakFolder()
    count(file)
    await expect(file.saved()).rejects.toMatchObject({code: 'failed'})
    expect(errors).toHaveLength(1)
  })

  it('is written in the end where that has become possible', async () => {
    const {file, errors} = await openCount()
    await breakFolder()
    count(file)
    await until(() => errors.length > 0)
    await mendFolder()
    await file.close()
    expect(await readFile(path, 'utf8')).toBe('1')
  })

  it('is free for others all the same', async () => {
    const {file, errors} = await openCount()
    await breakFolder()
    count(file)
    await until(() => errors.length > 0)
    await expect(file.close()).rejects.toThrow()
    await mendFolder()
    await openCount()
  })

  it('is told of at the start where that can be seen then', async () => {
    await mkdir(`${path}.lock`)
    await expect(openCount()).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('cannot write the count'),
    })
  })
})
