import {mkdtemp, readdir, rm, stat} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import {SpillBacklog, type SpillOptions} from '../../../../src/lib/realtime/queue/spill.js'
import {openSpillFile, type SpillFile} from '../../../../src/lib/realtime/queue/spill-file.js'
import {anySteps, checkpoint, disconnected, frame, message, messages, warning} from '../feed/feed-items.js'

let dir = ''
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'veza-spill-'))
})
afterAll(() => rm(dir, {recursive: true}))

/** A backlog of 10 items in memory and blocks of 100 characters, whose file fails while `disk.full` is set. */
function small(options: Partial<SpillOptions> = {}) {
  const disk = {full: false, opened: 0, writes: [] as string[], clears: 0, closed: 0}
  const open = (where: string): SpillFile => {
    const file = openSpillFile(where)
    disk.opened += 1
    return {
      append: lines => {
        disk.writes.push(lines)
        if (disk.full) throw Object.assign(new Error('no space left on device'), {code: 'ENOSPC'})
        file.append(lines)
      },
      read: () => file.read(),
      clear: () => {
        disk.clears += 1
        file.clear()
      },
      close: () => {
        disk.closed += 1
        file.close()
      },
    }
  }
  const backlog = new SpillBacklog({dir, memoryItems: 10, blockChars: 100, open, ...options})
  return {backlog, disk}
}

function pushAll(backlog: SpillBacklog, items: readonly FeedItem[]): void {
  for (const item of items) backlog.push(item)
}

function takeAll(backlog: SpillBacklog): FeedItem[] {
  const all: FeedItem[] = []
  while (backlog.length > 0) all.push(...backlog.take())
  return all
}

describe('SpillBacklog', () => {
  it('touches no disk for a reader that keeps up', () => {
    const {backlog, disk} = small()
    for (let round = 0; round < 50; round += 1) {
      pushAll(backlog, messages(1, 10))
      expect(backlog.take()).toEqual(messages(1, 10))
    }
    expect(disk.opened).toBe(0)
  })

  it('writes blocks, reads them back in order, and gives the space back when all was read', () => {
    const {backlog, disk} = small()
    pushAll(backlog, messages(1, 100))
    expect(backlog.length).toBe(100)
    expect(disk.writes.length).toBeGreaterThan(10)
    for (const block of disk.writes) expect(block.length).toBeGreaterThanOrEqual(100)
    expect(takeAll(backlog)).toEqual(messages(1, 100))
    expect(disk.clears).toBe(1)
    pushAll(backlog, messages(101, 150))
    expect(takeAll(backlog)).toEqual(messages(101, 150))
    expect([disk.opened, disk.clears]).toEqual([1, 2])
  })

  it('keeps blocks of 64 KiB and 1,000 items in memory unless told otherwise', () => {
    const writes: number[] = []
    const open = (where: string): SpillFile => {
      const file = openSpillFile(where)
      return {...file, append: lines => void writes.push(lines.length), close: () => file.close()}
    }
    const backlog = new SpillBacklog({dir, open})
    pushAll(backlog, messages(1, 1000))
    for (let id = 1; writes.length < 2; id += 1) backlog.push(message(id, 'x'.repeat(900)))
    expect(Math.min(...writes)).toBeGreaterThanOrEqual(64 * 1024)
    expect(Math.max(...writes)).toBeLessThan(66 * 1024)
    expect(backlog.take()).toEqual(messages(1, 1000))
    backlog.close()
  })

  it('brings back errors as they were, the same objects', () => {
    const {backlog} = small({memoryItems: 0})
    const errors = [new Error('first'), 'second', undefined]
    const items = errors.flatMap((error, n) => [message(n), disconnected(error), checkpoint(n), frame(n)])
    pushAll(backlog, items)
    const back = takeAll(backlog)
    expect(back).toEqual(items)
    const seen = back.flatMap(item =>
      item.type === 'event' && 'error' in item.event ? [item.event.error] : [],
    )
    expect(seen).toHaveLength(3)
    expect(seen[0]).toBe(errors[0])
  })

  it('brings back a line longer than any block', () => {
    const {backlog} = small({memoryItems: 0})
    const items = [message(1, 'ä'.repeat(1_000_000)), message(2), message(3, '\n"\\'), warning('line\nbreak')]
    pushAll(backlog, items)
    expect(takeAll(backlog)).toEqual(items)
  })

  it('makes the source wait while the disk is full, with one warning, and loses nothing', () => {
    const warnings: string[] = []
    const {backlog, disk} = small({onWarning: text => warnings.push(text)})
    disk.full = true
    pushAll(backlog, messages(1, 300))
    expect([backlog.stopsSource, backlog.stopsHistory()]).toEqual([true, true])
    expect(disk.writes).toHaveLength(1)
    expect(warnings).toEqual([expect.stringContaining('ENOSPC')])
    const all = takeAll(backlog)
    expect(all.filter(({type}) => type === 'message')).toEqual(messages(1, 300))
    expect(all.filter(({type}) => type === 'event')).toEqual([warning(warnings[0] ?? '')])
  })

  it('tries the disk again once the reader has caught up, warning no more', () => {
    const warnings: string[] = []
    const {backlog, disk} = small({onWarning: text => warnings.push(text)})
    disk.full = true
    pushAll(backlog, messages(1, 50))
    takeAll(backlog)
    expect(backlog.stopsSource).toBe(false)
    pushAll(backlog, messages(51, 100))
    expect(backlog.stopsSource).toBe(true)
    takeAll(backlog)
    disk.full = false
    pushAll(backlog, messages(101, 150))
    expect(backlog.stopsSource).toBe(false)
    expect(takeAll(backlog)).toEqual(messages(101, 150))
    expect(warnings).toHaveLength(1)
  })

  it('takes a folder that cannot be used for a full disk', () => {
    const {backlog} = small({dir: join(dir, 'x\0y'), open: where => openSpillFile(where)})
    pushAll(backlog, messages(1, 50))
    expect(backlog.stopsSource).toBe(true)
    expect(takeAll(backlog).filter(({type}) => type === 'message')).toEqual(messages(1, 50))
  })

  it('closes its file once, and can be used again', () => {
    const {backlog, disk} = small()
    pushAll(backlog, messages(1, 50))
    backlog.close()
    backlog.close()
    expect([disk.closed, backlog.length]).toEqual([1, 0])
    pushAll(backlog, messages(51, 100))
    expect(takeAll(backlog)).toEqual(messages(51, 100))
    backlog.close()
    expect([disk.opened, disk.closed]).toEqual([2, 2])
  })

  it('keeps memory flat while a flood waits', () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const backlog = new SpillBacklog({dir})
    collect()
    const before = process.memoryUsage().heapUsed
    for (let id = 1; id <= 50_000; id += 1) backlog.push(message(id, `${id} ${'x'.repeat(1000)}`))
    collect()
    const grown = process.memoryUsage().heapUsed - before
    expect(backlog.length).toBe(50_000)
    backlog.close()
    expect(grown).toBeLessThan(10_000_000)
  })

  it('gives, for any steps and whenever the disk is full, what was pushed', () => {
    const sizes = fc.record({memoryItems: fc.nat({max: 12}), blockChars: fc.integer({min: 1, max: 2000})})
    fc.assert(
      fc.property(sizes, anySteps, fc.infiniteStream(fc.boolean()), (size, steps, fullness) => {
        const {backlog, disk} = small(size)
        const pushed: FeedItem[] = []
        const given: FeedItem[] = []
        let warned = 0
        for (const step of steps) {
          disk.full = fullness.next().value === true
          if (step === 'take') given.push(...(backlog.length > 0 ? backlog.take() : []))
          else {
            const items = 'push' in step ? step.push : step.pushAll
            pushed.push(...items)
            pushAll(backlog, items)
          }
        }
        given.push(...takeAll(backlog))
        backlog.close()
        const own = given.filter(item => !isDiskWarning(item))
        warned = given.length - own.length
        expect(own).toEqual(pushed)
        expect(warned).toBeLessThanOrEqual(1)
      }),
    )
  })
})

function isDiskWarning(item: FeedItem): boolean {
  return item.type === 'event' && item.event.type === 'warning' && item.event.message.includes('ENOSPC')
}

describe('openSpillFile', () => {
  it('leaves no name behind, in a folder of its own', async () => {
    const folder = join(dir, 'new', 'folder')
    const file = openSpillFile(folder)
    expect(await readdir(folder)).toEqual([])
    file.append('a\nb\n')
    file.append('c\n')
    expect(file.read()).toEqual(['a', 'b', 'c'])
    file.clear()
    file.append('d\n')
    expect(file.read()).toEqual(['d'])
    file.close()
  })

  it('is for its user alone, and is removed by the end where its name cannot be taken away before', async () => {
    const folder = join(dir, 'stubborn')
    const file = openSpillFile(folder, () => {
      throw new Error('in use')
    })
    const [name = ''] = await readdir(folder)
    expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    file.append('a\n')
    expect(file.read()).toEqual(['a'])
    file.close()
    expect(await readdir(folder)).toEqual([])
  })

  it('ends a line at its newline wherever the block ends', () => {
    const file = openSpillFile(dir)
    const lines = Array.from({length: 9000}, (_, n) => `${n} ${'ü'.repeat(n % 70)}`)
    file.append(`${lines.join('\n')}\n`)
    const back: string[] = []
    while (back.length < lines.length) back.push(...file.read())
    expect(back).toEqual(lines)
    file.close()
  })

  it('says when the file cannot be read back', () => {
    const file = openSpillFile(dir)
    file.append('a\n')
    file.read()
    expect(() => file.read()).toThrow(expect.objectContaining({code: 'failed'}))
    file.append('without an end')
    expect(() => file.read()).toThrow(expect.objectContaining({code: 'failed'}))
    file.close()
    expect(() => file.read()).toThrow(expect.objectContaining({code: 'failed'}))
  })
})
