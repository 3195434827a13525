import {once} from 'node:events'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished} from 'vitest'
import {withLock} from '../../../src/lib/state/lock.js'
import {bundleScript, startScript} from '../../support/child-script.js'

let root: string
let script: string
let lock: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'veza-lock-'))
  script = await bundleScript(join(import.meta.dirname, 'fixtures', 'lock-script.ts'), root)
})

afterAll(async () => {
  await rm(root, {recursive: true, force: true})
})

beforeEach(async () => {
  lock = join(await mkdtemp(join(root, 'case-')), 'locks', 'ann.lock')
})

/** A process that has the lock and keeps it. */
async function startHolder() {
  const holder = startScript(script, ['hold', lock])
  onTestFinished(() => void holder.kill('SIGKILL'))
  await once(holder.stdout, 'data')
  return holder
}

/** A clock on which no time passes but by `moveMs`. */
function stoppedClock() {
  const clock = {nowMs: 0}
  return {clock, now: () => clock.nowMs}
}

describe('a lock between processes', () => {
  it('lets 20 of them count in a file without losing one count', async () => {
    const counter = join(root, 'counter')
    await writeFile(counter, '0')
    const children = Array.from({length: 20}, () => startScript(script, ['count', lock, counter]))
    const ends = await Promise.all(children.map(({stdout}) => text(stdout)))
    expect(new Set(ends)).toEqual(new Set(['done\n']))
    expect(await readFile(counter, 'utf8')).toBe('100')
  })

  it('is free at once when its holder is killed', async () => {
    const holder = await startHolder()
    let entered = false
    // The clock stands still: nothing but the kill can end this wait.
    const waiting = withLock(
      lock,
      async () => {
        entered = true
      },
      stoppedClock(),
    )
    await new Promise(resolve => setImmediate(resolve))
    expect(entered).toBe(false)
    holder.kill('SIGKILL')
    await waiting
    expect(entered).toBe(true)
  })

  it('is not waited for beyond its time', async () => {
    await startHolder()
    const {clock, now} = stoppedClock()
    const waiting = withLock(lock, async () => 'entered', {timeoutMs: 60_000, now, random: () => 0})
    const refusal = expect(waiting).rejects.toMatchObject({
      code: 'unreachable',
      message: `other veza processes have kept ${lock} for 60 s`,
    })
    clock.nowMs = 60_000
    await refusal
  })

  it('is not waited for after an abort, which is what the wait ends with', async () => {
    await startHolder()
    const controller = new AbortController()
    const reason = new Error('Ctrl-C')
    const waiting = withLock(lock, async () => 'entered', {signal: controller.signal, ...stoppedClock()})
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
  })
})

describe('a lock inside one process', () => {
  it('holds between two who know nothing of each other', async () => {
    const log: string[] = []
    const work = (name: string) => async () => {
      log.push(`${name} in`)
      await new Promise(resolve => setImmediate(resolve))
      log.push(`${name} out`)
    }
    await Promise.all(['a', 'b', 'c'].map(name => withLock(lock, work(name))))
    for (const nth of [0, 2, 4]) expect(log[nth + 1]).toBe(log[nth]?.replace('in', 'out'))
  })

  it('gives what the work gives', async () => {
    expect(await withLock(lock, async () => 5)).toBe(5)
  })

  it('is free after work that failed, whose error is passed on as it is', async () => {
    const defect = new TypeError('x is not a function')
    await expect(withLock(lock, () => Promise.reject(defect))).rejects.toBe(defect)
    expect(await withLock(lock, async () => 'free')).toBe('free')
  })

  it('keeps two paths apart', async () => {
    const inner = (): Promise<string> => withLock(`${lock}.other`, async () => 'both')
    expect(await withLock(lock, inner)).toBe('both')
  })
})

describe('a lock that cannot be', () => {
  it('is a config error that names its path, and nothing is run', async () => {
    const file = join(root, 'no-folder')
    await writeFile(file, '')
    const path = join(file, 'ann.lock')
    let ran = false
    const locked = withLock(path, async () => {
      ran = true
    })
    await expect(locked).rejects.toMatchObject({
      code: 'config',
      message: `cannot lock ${path}`,
      hint: expect.stringContaining('VEZA_STATE_DIR'),
    })
    expect(ran).toBe(false)
  })

  it('is one where the file is no lock of ours, which is left as it is', async () => {
    const path = join(root, 'notes.txt')
    await writeFile(path, 'these are notes, and long enough to be taken for a page of a database'.repeat(20))
    const before = await readFile(path)
    await expect(withLock(path, async () => 5)).rejects.toMatchObject({code: 'config'})
    expect(await readFile(path)).toEqual(before)
  })
})
