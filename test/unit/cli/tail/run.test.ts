import {describe, expect, test} from 'vitest'
import {ClosedPipe} from '../../../../src/lib/cli/lifetime.js'
import type {Delivery} from '../../../../src/lib/cli/tail/delivery.js'
import {EndClock} from '../../../../src/lib/cli/tail/end-clock.js'
import {type RunOptions, TailRun} from '../../../../src/lib/cli/tail/run.js'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import type {FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import {checkpoint, frame} from '../../realtime/feed/feed-items.js'
import {ManualTimers} from '../../realtime/manual-timers.js'
import {item, ListFeed} from './kit.js'

/** Writes down, in order, all that a run does. */
class Log implements Delivery {
  readonly lines: string[] = []
  /** Awaited by each message of these ids. */
  readonly slow = new Map<number, Promise<void>>()

  message(given: Parameters<Delivery['message']>[0]): Promise<void> | undefined {
    this.lines.push(`message ${given.message.id}`)
    return this.slow.get(given.message.id)
  }

  skipped = ({message}: Parameters<Delivery['skipped']>[0]): void =>
    void this.lines.push(`skipped ${message.id}`)
  postponed = ({message}: Parameters<Delivery['postponed']>[0]): void =>
    void this.lines.push(`postponed ${message.id}`)
  checkpoint = ({id}: Parameters<Delivery['checkpoint']>[0]): void => void this.lines.push(`checkpoint ${id}`)
  settle = async (): Promise<void> => void this.lines.push('settle')
  finish = async (): Promise<void> => void this.lines.push('finish')

  readonly side: RunOptions['side'] = {
    late: async ({message}) => void this.lines.push(`late ${message.id}`),
    feedEvent: ({type}) => void this.lines.push(type),
    frame: ({type}) => void this.lines.push(`frame ${type}`),
  }
}

function runOf(batches: readonly (readonly FeedItem[])[], options: Partial<RunOptions> = {}) {
  const log = new Log()
  const feed = new ListFeed(batches)
  const run = new TailRun({
    feed,
    delivery: log,
    side: log.side,
    wanted: undefined,
    postponed: undefined,
    frames: undefined,
    count: undefined,
    clock: undefined,
    signal: new AbortController().signal,
    ...options,
  })
  return {run, log, feed}
}

/** Lets the run go on as far as it can. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

const ready: FeedItem = {type: 'event', event: {type: 'ready', channels: []}}
const disconnected: FeedItem = {type: 'event', event: {type: 'disconnected', error: undefined}}

describe('TailRun', () => {
  test('everything is given on in order, and each batch is settled', async () => {
    const {run, log, feed} = runOf([
      [checkpoint(1), item(2), ready],
      [item(3, {}, true), disconnected],
    ])
    await feed.close()
    await run.run()
    expect(log.lines).toEqual([
      ...['checkpoint 1', 'message 2', 'ready', 'settle'],
      ...['late 3', 'message 3', 'settle', 'disconnected', 'settle', 'finish'],
    ])
    expect(run).toMatchObject({printed: 2, lastId: 3, ended: undefined})
  })

  test('a slow reader is waited for before the next message, and what it has taken is settled', async () => {
    const {run, log, feed} = runOf([[item(1), item(2)]])
    let resolve = (): void => undefined
    log.slow.set(
      1,
      new Promise(done => {
        resolve = done
      }),
    )
    const running = run.run()
    await turn()
    expect(log.lines).toEqual(['message 1'])
    resolve()
    await feed.close()
    await running
    expect(log.lines).toEqual(['message 1', 'settle', 'message 2', 'settle', 'finish'])
  })

  test('count counts what has passed the filters, and nothing after it is touched', async () => {
    const batches = [[item(1), item(2), item(3), checkpoint(3)], [item(4), item(5), checkpoint(5)], [item(6)]]
    const {run, log, feed} = runOf(batches, {count: 2, wanted: ({id}) => id % 2 === 0})
    await run.run()
    expect(log.lines).toEqual([
      ...['skipped 1', 'message 2', 'skipped 3', 'checkpoint 3', 'settle'],
      ...['message 4', 'settle', 'finish'],
    ])
    expect(run).toMatchObject({printed: 2, lastId: 4, ended: 'count'})
    expect(feed.asked).toBe(2)
  })

  test('what is for a later run is neither printed nor passed', async () => {
    const {run, log, feed} = runOf([[item(1), item(2), item(3)]], {postponed: ({id}) => id === 3, count: 9})
    await feed.close()
    await run.run()
    expect(log.lines).toEqual(['message 1', 'message 2', 'postponed 3', 'settle', 'finish'])
    expect(run).toMatchObject({printed: 2, lastId: 2})
  })

  test('events of the server come out where they are wanted, and count', async () => {
    const {run, log} = runOf([[frame(1), item(1), frame(2)]], {frames: ({data}) => data.n === 2, count: 2})
    await run.run()
    expect(log.lines).toEqual(['message 1', 'frame user_presence', 'settle', 'finish'])
    const without = runOf([[frame(1), item(1)]], {count: 1})
    await without.run.run()
    expect(without.log.lines).toEqual(['message 1', 'settle', 'finish'])
  })

  test('what ends the feed is thrown, once what was taken is finished', async () => {
    const failure = new VezaError('forbidden', 'no')
    const {run, log} = runOf([], {feed: new ListFeed([[item(1)]], failure)})
    await expect(run.run()).rejects.toBe(failure)
    expect(log.lines).toEqual(['message 1', 'settle', 'finish'])
  })

  test('after a signal what was accepted is written, but not a flood', async () => {
    const controller = new AbortController()
    controller.abort(new VezaError('interrupted', 'interrupted'))
    const {run, log} = runOf(
      Array.from({length: 100}, (_, index) => [item(index + 1)]),
      {signal: controller.signal},
    )
    await run.run()
    expect(log.lines.filter(line => line === 'settle')).toHaveLength(5)
  })

  test('where the reader has gone, nothing is settled', async () => {
    const controller = new AbortController()
    controller.abort(new ClosedPipe('gone'))
    const {run, log} = runOf([[item(1)], [item(2)]], {signal: controller.signal})
    await run.run()
    expect(log.lines).toEqual(['message 1', 'finish'])
  })

  test('an end from outside lets what was read come out, and a count that is reached by that counts', async () => {
    const first = runOf([[item(1)], [item(2)]])
    first.run.end('idle')
    await first.run.run()
    expect(first.run).toMatchObject({printed: 2, ended: 'idle'})
    const second = runOf([[item(1), item(2)], [item(3)]], {count: 2})
    second.run.end('idle')
    await second.run.run()
    expect(second.run).toMatchObject({printed: 2, ended: 'count'})
  })
})

describe('TailRun when what came out cannot be kept', () => {
  test('it stops behind the batch at hand, however much waits', async () => {
    const {run, log} = runOf([[item(1), item(2)], [item(3)], [item(4)]])
    log.settle = async () => run.stop()
    await run.run()
    expect(log.lines).toEqual(['message 1', 'message 2', 'finish'])
  })

  test('a batch that it waited for is not given on', async () => {
    const {run, log} = runOf([[item(1)]])
    const running = run.run()
    run.stop()
    await running
    expect(log.lines).toEqual(['finish'])
  })
})

describe('TailRun and the clock', () => {
  test('a stream is idle when nothing comes out of it while the run waits', async () => {
    const timers = new ManualTimers()
    const ended: string[] = []
    const clock = new EndClock({
      timers,
      idleMs: 1000,
      serverNow: () => 0,
      confirm: async () => undefined,
      end: reason => {
        ended.push(reason)
        run.end(reason)
      },
    })
    const {run} = runOf([[ready], [item(1)]], {clock})
    const running = run.run()
    await turn()
    timers.advance(999)
    expect(ended).toEqual([])
    timers.advance(1)
    await running
    expect(ended).toEqual(['idle'])
    expect(run).toMatchObject({printed: 1, ended: 'idle'})
    expect(timers.pending).toBe(0)
  })
})
