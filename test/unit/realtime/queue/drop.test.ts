import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import type {FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'
import {DropBacklog} from '../../../../src/lib/realtime/queue/drop.js'
import {
  anySteps,
  checkpoint,
  disconnected,
  frame,
  lagged,
  message,
  messages,
  warning,
} from '../feed/feed-items.js'

function filled(kept: number, items: readonly FeedItem[]): DropBacklog {
  const backlog = new DropBacklog(kept)
  for (const item of items) backlog.push(item)
  return backlog
}

const isLagged = (item: FeedItem) => item.type === 'event' && item.event.type === 'lagged'
const isChatter = (item: FeedItem) =>
  item.type === 'frame' || (item.type === 'event' && item.event.type === 'warning')
const lost = (items: readonly FeedItem[]) =>
  items.reduce(
    (sum, item) => sum + (item.type === 'event' && item.event.type === 'lagged' ? item.event.count : 0),
    0,
  )

describe('DropBacklog', () => {
  it('keeps the newest messages, and says in their place how many are missing', () => {
    const backlog = filled(3, messages(1, 8))
    expect(backlog.dropped).toBe(5)
    expect(backlog.take()).toEqual([lagged(5, 5), ...messages(6, 8)])
    expect(backlog.length).toBe(0)
  })

  it('keeps 10,000 of them unless told otherwise', () => {
    const backlog = filled(10_000, messages(1, 10_001))
    expect(new DropBacklog()).toMatchObject({dropped: 0})
    const standard = new DropBacklog()
    for (const item of messages(1, 10_001)) standard.push(item)
    expect([standard.dropped, standard.length]).toEqual([backlog.dropped, backlog.length])
    expect(standard.take()).toEqual([lagged(1, 1), ...messages(2, 1000)])
  })

  it('drops nothing up to the limit', () => {
    const backlog = filled(3, messages(1, 3))
    expect(backlog.dropped).toBe(0)
    expect(backlog.take()).toEqual(messages(1, 3))
  })

  it('merges what is missing while the item still waits, and begins another after it was read', () => {
    const backlog = filled(2, messages(1, 4))
    for (const item of messages(5, 6)) backlog.push(item)
    expect(backlog.take()).toEqual([lagged(4, 4), ...messages(5, 6)])
    for (const item of messages(7, 9)) backlog.push(item)
    expect(backlog.take()).toEqual([lagged(1, 5), ...messages(8, 9)])
  })

  it('keeps what the feed says itself in order, a checkpoint behind the news of what it covers', () => {
    const error = disconnected(new Error('gone'))
    const backlog = filled(1, [
      message(1),
      checkpoint(1),
      error,
      message(2),
      checkpoint(2, 16),
      message(3),
      message(4),
    ])
    expect(backlog.take()).toEqual([lagged(3, 3), checkpoint(1), error, checkpoint(2, 16), message(4)])
  })

  it('keeps the last checkpoint of each channel from a run', () => {
    const run = [1, 2, 3].flatMap(id => [message(id), checkpoint(id), checkpoint(id, 16)])
    const backlog = filled(1, [...run, message(4), checkpoint(4), message(5)])
    expect(backlog.take()).toEqual([lagged(4, 4), checkpoint(3, 16), checkpoint(4), message(5)])
  })

  it('keeps as many frames and warnings, which push out no message', () => {
    const backlog = filled(2, [message(1), frame(1), warning('a'), frame(2), frame(3), message(2)])
    expect(backlog.dropped).toBe(2)
    expect(backlog.take()).toEqual([message(1), lagged(2, 2), frame(2), frame(3), message(2)])
  })

  it('lets history wait, unless the live messages behind it become too many', () => {
    const backlog = new DropBacklog(5)
    expect([backlog.stopsHistory(4), backlog.stopsHistory(5), backlog.stopsSource]).toEqual([
      true,
      false,
      false,
    ])
  })

  it('forgets all when closed', () => {
    const backlog = filled(3, [...messages(1, 3), frame(1)])
    backlog.close()
    for (const item of messages(4, 6)) backlog.push(item)
    expect(backlog.take()).toEqual(messages(4, 6))
  })

  it('gives, for any steps, everything in order but the oldest records, and counts these', () => {
    const kept = fc.integer({min: 1, max: 30})
    fc.assert(
      fc.property(kept, anySteps, (limit, steps) => {
        const backlog = new DropBacklog(limit)
        // What waits by the letter of the rule: one record too many drops the oldest of its kind.
        let model: FeedItem[] = []
        let modelDropped = 0
        const add = (item: FeedItem) => {
          backlog.push(item)
          model.push(item)
          for (const kind of [(one: FeedItem) => one.type === 'message', isChatter]) {
            const oldest = model.filter(kind).length > limit ? model.findIndex(kind) : -1
            if (oldest === -1) continue
            model.splice(oldest, 1)
            modelDropped += 1
          }
        }
        const take = () => {
          const batch = backlog.take()
          const records = batch.filter(item => !isLagged(item))
          const expected = records.every(item => item.type !== 'checkpoint')
            ? model
            : withoutCovered(model, records)
          expect(records).toEqual(expected)
          expect(batch.filter(isLagged).length).toBeLessThanOrEqual(1)
          told += lost(batch)
          expect([told, backlog.dropped]).toEqual([modelDropped, modelDropped])
          model = []
        }
        let told = 0
        for (const step of steps) {
          if (step === 'take') take()
          else for (const item of 'push' in step ? step.push : step.pushAll) add(item)
        }
        take()
      }),
    )
  })
})

/** The model without checkpoints that were left out because a later one of the same channel follows, no message between. */
function withoutCovered(model: readonly FeedItem[], given: readonly FeedItem[]): FeedItem[] {
  return model.filter((item, index) => {
    if (item.type !== 'checkpoint' || given.includes(item)) return true
    const rest = model.slice(index + 1)
    const end = rest.findIndex(({type}) => type === 'message')
    const run = end === -1 ? rest : rest.slice(0, end)
    return !run.some(other => other.type === 'checkpoint' && other.channel.id === item.channel.id)
  })
}
