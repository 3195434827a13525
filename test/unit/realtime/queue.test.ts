import {describe, expect, it} from 'vitest'
import {BatchQueue} from '../../../src/lib/realtime/queue.js'

function queueWithSource(held = 0) {
  const calls: string[] = []
  const source = {held, pause: () => void calls.push('pause'), resume: () => void calls.push('resume')}
  return {queue: new BatchQueue<number>(source), calls, source}
}

const upTo = (count: number) => [...Array(count).keys()]

describe('BatchQueue', () => {
  it('gives what has come in one turn as one batch', async () => {
    const {queue} = queueWithSource()
    const waiting = queue.nextBatch()
    for (const n of [1, 2, 3]) queue.push(n)
    expect(await waiting).toEqual([1, 2, 3])
    expect(queue.added).toBe(3)
  })

  it('gives at most 1,000 at once, all in order', async () => {
    const {queue} = queueWithSource()
    queue.pushAll(upTo(2500))
    queue.end()
    const sizes: number[] = []
    const all: number[] = []
    for (let batch = await queue.nextBatch(); batch; batch = await queue.nextBatch()) {
      sizes.push(batch.length)
      all.push(...batch)
    }
    expect(sizes).toEqual([1000, 1000, 500])
    expect(all).toEqual(upTo(2500))
  })

  it('asks the source to pause at 1,000 and to resume below 200, once each', async () => {
    const {queue, calls} = queueWithSource()
    for (const n of upTo(999)) queue.push(n)
    expect(calls).toEqual([])
    for (const n of upTo(301)) queue.push(n)
    expect(calls).toEqual(['pause'])
    expect(queue.paused).toBe(true)
    await queue.nextBatch()
    expect(calls).toEqual(['pause'])
    await queue.nextBatch()
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('counts what the source holds', () => {
    const {queue, calls, source} = queueWithSource(999)
    queue.checkPressure()
    source.held = 1000
    queue.checkPressure()
    expect(calls).toEqual(['pause'])
    source.held = 0
    queue.pushAll([])
    expect(calls).toEqual(['pause', 'resume'])
  })

  it('throws the first error after everything before it', async () => {
    const {queue} = queueWithSource()
    queue.push(1)
    queue.end(new Error('first'))
    queue.end(new Error('second'))
    expect(await queue.nextBatch()).toEqual([1])
    await expect(queue.nextBatch()).rejects.toThrow('first')
  })

  it('wakes a reader at the end', async () => {
    const {queue} = queueWithSource()
    const waiting = queue.nextBatch()
    queue.end()
    expect(await waiting).toBeUndefined()
  })
})
