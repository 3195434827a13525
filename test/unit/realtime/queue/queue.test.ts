import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import fc from 'fast-check'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {FeedItem, LagPolicy} from '../../../../src/lib/realtime/feed/feed-types.js'
import {
  createFeedQueue,
  type FeedQueue,
  type FeedQueueOptions,
} from '../../../../src/lib/realtime/queue/queue.js'
import {anySteps, checkpoint, disconnected, frame, lagged, message, messages} from '../feed/feed-items.js'

let spillDir = ''
beforeAll(async () => {
  spillDir = await mkdtemp(join(tmpdir(), 'veza-queue-'))
})
afterAll(() => rm(spillDir, {recursive: true}))

function queueWithSource(options: Partial<FeedQueueOptions> = {}, held = 0) {
  const calls: string[] = []
  const source = {held, pause: () => void calls.push('pause'), resume: () => void calls.push('resume')}
  return {queue: createFeedQueue({source, spillDir, ...options}), calls, source}
}

/** All batches up to the end. */
async function drain(queue: FeedQueue): Promise<FeedItem[][]> {
  const batches: FeedItem[][] = []
  for (let batch = await queue.nextBatch(); batch; batch = await queue.nextBatch()) batches.push([...batch])
  return batches
}

/** Whether a promise has resolved by the end of this turn. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await new Promise(resolve => setImmediate(resolve))
  return done
}

const policies: readonly LagPolicy[] = ['block', 'drop', 'spill']

describe.each(policies)('a queue that would %s', onLag => {
  it('gives what has come in one turn as one batch, and counts messages only', async () => {
    const {queue} = queueWithSource({onLag})
    const items = [message(1), checkpoint(1), frame(1), message(2), disconnected(new Error('x'))]
    const waiting = queue.nextBatch()
    for (const item of items) queue.push(item)
    expect(await waiting).toEqual(items)
    expect([queue.added, queue.dropped]).toEqual([2, 0])
  })

  it('gives at most 1,000 at once, all in order', async () => {
    const {queue} = queueWithSource({onLag})
    queue.pushAll(messages(1, 2500))
    queue.end()
    const batches = await drain(queue)
    expect(batches.flat()).toEqual(messages(1, 2500))
    for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(1000)
  })

  it('throws the first error after everything before it, and again', async () => {
    const {queue} = queueWithSource({onLag})
    queue.push(message(1))
    queue.end(new Error('first'))
    queue.end(new Error('second'))
    expect(await queue.nextBatch()).toEqual([message(1)])
    await expect(queue.nextBatch()).rejects.toThrow('first')
    await expect(queue.nextBatch()).rejects.toThrow('first')
  })

  it('wakes a reader at the end, not for nothing', async () => {
    const {queue} = queueWithSource({onLag})
    const waiting = queue.nextBatch()
    queue.pushAll([])
    expect(await isDone(waiting)).toBe(false)
    queue.end()
    expect(await waiting).toBeUndefined()
  })

  it('forgets what waits and what comes when its reader has left', async () => {
    const {queue} = queueWithSource({onLag})
    queue.pushAll(messages(1, 2000))
    const room = queue.room()
    queue.discard()
    await room
    queue.push(message(3000))
    queue.end()
    expect([queue.paused, await queue.nextBatch()]).toEqual([false, undefined])
  })

  it('gives back, for any steps, what was pushed', async () => {
    await fc.assert(
      fc.asyncProperty(anySteps, async steps => {
        const {queue} = queueWithSource({onLag})
        const pushed: FeedItem[] = []
        const given: FeedItem[] = []
        for (const step of steps) {
          if (step === 'take') {
            if (given.length < pushed.length) given.push(...((await queue.nextBatch()) ?? []))
          } else if ('push' in step) {
            for (const item of step.push) queue.push(item)
            pushed.push(...step.push)
          } else {
            queue.pushAll(step.pushAll)
            pushed.push(...step.pushAll)
          }
        }
        queue.end()
        given.push(...(await drain(queue)).flat())
        expect(given).toEqual(pushed)
        expect(queue.added).toBe(pushed.filter(({type}) => type === 'message').length)
      }),
      {numRuns: 50},
    )
  })
})

describe.each(policies)('a queue that would %s, while history is read', onLag => {
  it('pauses a source that holds 10,000 items, until it holds less than half', () => {
    const {queue, calls, source} = queueWithSource({onLag})
    source.held = onLag === 'block' ? 999 : 9_999
    queue.checkPressure()
    expect(calls).toEqual([])
    source.held = 10_000
    queue.checkPressure()
    source.held = onLag === 'block' ? 200 : 5_000
    queue.checkPressure()
    expect(calls).toEqual(['pause'])
    source.held = onLag === 'block' ? 199 : 4_999
    queue.checkPressure()
    expect(calls).toEqual(['pause', 'resume'])
  })
})

describe('a queue that blocks', () => {
  it('asks the source to pause at 1,000 and to resume below 200, once each', async () => {
    const {queue, calls} = queueWithSource()
    for (const item of messages(1, 999)) queue.push(item)
    expect([calls, queue.paused]).toEqual([[], false])
    for (const item of messages(1000, 1300)) queue.push(item)
    expect([calls, queue.paused]).toEqual([['pause'], true])
    await queue.nextBatch()
    expect(calls).toEqual(['pause'])
    await queue.nextBatch()
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('counts what the source holds', () => {
    const {queue, calls, source} = queueWithSource({}, 999)
    queue.checkPressure()
    source.held = 1000
    queue.checkPressure()
    expect(calls).toEqual(['pause'])
    source.held = 0
    queue.pushAll([])
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('has room for history below 1,000 items, whatever the source holds, then again below 200', async () => {
    const {queue, source} = queueWithSource({}, 5000)
    queue.pushAll(messages(1, 999))
    expect(await isDone(queue.room())).toBe(true)
    source.held = 0
    queue.pushAll(messages(1000, 1300))
    const room = [queue.room(), queue.room()]
    await queue.nextBatch()
    expect(await isDone(Promise.race(room))).toBe(false)
    await queue.nextBatch()
    await Promise.all(room)
  })

  it('has room at once when it has ended', async () => {
    const {queue} = queueWithSource()
    queue.pushAll(messages(1, 1300))
    const room = queue.room()
    queue.end()
    await Promise.all([room, queue.room()])
  })
})

describe('a queue that drops', () => {
  it('never pauses the source, and says in the stream what is missing', async () => {
    const {queue, calls} = queueWithSource({onLag: 'drop'})
    queue.pushAll(messages(1, 10_000))
    for (const item of messages(10_001, 15_000)) queue.push(item)
    queue.end()
    expect([calls, queue.added, queue.dropped]).toEqual([[], 15_000, 5000])
    expect((await drain(queue)).flat()).toEqual([lagged(5000, 5000), ...messages(5001, 15_000)])
  })

  it('tells of drops at most once a second, and of the rest at the end', async () => {
    const told: [number, number, number][] = []
    let now = 0
    const onLagged = (count: number, total: number) => void told.push([now, count, total])
    const {queue} = queueWithSource({onLag: 'drop', onLagged, now: () => now})
    queue.pushAll(messages(1, 10_000))
    expect(told).toEqual([])
    for (let id = 10_001; id <= 10_025; id += 1, now += 100) queue.push(message(id))
    expect(told).toEqual([
      [0, 1, 1],
      [1000, 10, 11],
      [2000, 10, 21],
    ])
    queue.end()
    expect(told.at(-1)).toEqual([2500, 4, 25])
  })

  it('lets history wait, unless live messages pile up behind it', async () => {
    const {queue, source} = queueWithSource({onLag: 'drop'})
    queue.pushAll(messages(1, 1300))
    const room = queue.room()
    expect(await isDone(room)).toBe(false)
    source.held = 10_000
    queue.checkPressure()
    await room
    await queue.room()
  })
})

describe('a queue that spills', () => {
  it('never pauses the source, and makes nobody wait', async () => {
    const {queue, calls} = queueWithSource({onLag: 'spill'})
    queue.pushAll(messages(1, 20_000))
    await queue.room()
    queue.end()
    expect([calls, queue.dropped]).toEqual([[], 0])
    expect((await drain(queue)).flat()).toEqual(messages(1, 20_000))
  })

  it('blocks instead where its file cannot be made, with one warning, and goes on', async () => {
    const warnings: string[] = []
    const onWarning = (text: string) => void warnings.push(text)
    const {queue, calls} = queueWithSource({onLag: 'spill', spillDir: join(spillDir, 'x\0y'), onWarning})
    queue.pushAll(messages(1, 5000))
    expect([calls, queue.paused, warnings.length]).toEqual([['pause'], true, 1])
    const room = queue.room()
    expect(await isDone(room)).toBe(false)
    const given: FeedItem[] = []
    while (queue.paused) given.push(...((await queue.nextBatch()) ?? []))
    await room
    queue.end()
    given.push(...(await drain(queue)).flat())
    expect(given.filter(({type}) => type === 'message')).toEqual(messages(1, 5000))
    expect(given.filter(({type}) => type === 'event')).toHaveLength(1)
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('lets the source go on once the reader has caught up, whatever it holds: the file is tried again', async () => {
    const {queue, source, calls} = queueWithSource({onLag: 'spill', spillDir: join(spillDir, 'x\0y')})
    queue.pushAll(messages(1, 5000))
    source.held = 500
    for (let given = 0; given < 5000; ) given += (await queue.nextBatch())?.length ?? 0
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('needs a folder', () => {
    expect(() => queueWithSource({onLag: 'spill', spillDir: undefined})).toThrow(
      expect.objectContaining({code: 'bug'}),
    )
  })
})
