import fc from 'fast-check'
import type {FeedItem} from '../../../../src/lib/realtime/feed/feed-types.js'

const general = {kind: 'room', id: 15} as const

/** A message item of the room 15. */
export function message(id: number, content = `message ${id}`): FeedItem {
  return {type: 'message', channel: general, message: {id, content}, late: false}
}

/** Message items with the ids from the first to the last. */
export function messages(from: number, to: number): FeedItem[] {
  return Array.from({length: to - from + 1}, (_, index) => message(from + index))
}

export function checkpoint(id: number, room = 15): FeedItem {
  return {type: 'checkpoint', channel: {kind: 'room', id: room}, id}
}

export function frame(n: number): FeedItem {
  return {type: 'frame', frame: {type: 'user_presence', data: {n}}}
}

export function warning(text: string): FeedItem {
  return {type: 'event', event: {type: 'warning', message: text}}
}

export function disconnected(error: unknown): FeedItem {
  return {type: 'event', event: {type: 'disconnected', error}}
}

export function lagged(count: number, total: number): FeedItem {
  return {type: 'event', event: {type: 'lagged', count, total}}
}

/** Any item; texts are any UTF-16, so halves of surrogate pairs too. */
export const anyItem: fc.Arbitrary<FeedItem> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.nat(), fc.string({unit: 'binary'})).map(([id, text]) => message(id, text)),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat(), fc.integer({min: 1, max: 2})).map(([id, room]) => checkpoint(id, room)),
  },
  {weight: 2, arbitrary: fc.nat().map(frame)},
  {weight: 1, arbitrary: fc.string().map(warning)},
  {weight: 1, arbitrary: fc.string().map(text => disconnected(new Error(text)))},
)

/** What happens to a queue: so many items are pushed one by one or at once, or a batch is taken. */
export type Step = {readonly push: readonly FeedItem[]} | {readonly pushAll: readonly FeedItem[]} | 'take'

/** Any sequence of steps with short runs of items. */
export const anySteps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.array(anyItem, {maxLength: 8}).map(push => ({push})),
    fc.array(anyItem, {maxLength: 25}).map(pushAll => ({pushAll})),
    fc.constant('take' as const),
  ),
  {maxLength: 40},
)
