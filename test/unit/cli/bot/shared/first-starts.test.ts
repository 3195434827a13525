import {describe, expect, test} from 'vitest'
import {FirstStarts} from '../../../../../src/lib/cli/bot/shared/first-starts.js'
import {EFFECTS} from './kit.js'

const ROOM = {kind: 'room', id: 1} as const
const DM = {kind: 'dm', id: 2} as const
const BORN_MS = 1_000_000_000

/** One message a second, numbered from 1, the first at the time 1 s. */
function rig() {
  let nowMs = BORN_MS + 60_000
  let bornMs = BORN_MS
  const emptied: number[] = []
  const newest = 1_001_000
  const starts = new FirstStarts({
    effects: EFFECTS,
    signal: new AbortController().signal,
    onTrouble: () => undefined,
    store: {born: async () => bornMs},
    readPage: async (_, {beforeId = newest, limit = 50}) => {
      const items = Array.from({length: limit}, (_none, at) => beforeId - 1 - at).map(id => ({
        id,
        content: '',
        created_at: new Date(id * 1000).toISOString(),
      }))
      return {items, has_more: true}
    },
    bornMs,
    now: () => nowMs,
    onEmptied: () => void emptied.push(nowMs),
  })
  const at = (seconds: number): void => {
    nowMs = BORN_MS + seconds * 1000
  }
  const empty = (): void => {
    bornMs = nowMs
  }
  return {starts, at, empty, emptied}
}

describe('FirstStarts', () => {
  test('a room begins now, a conversation when the group began', async () => {
    const {starts, emptied} = rig()
    expect(await starts.of(ROOM)).toEqual({channel: ROOM})
    expect(await starts.of(DM)).toEqual({channel: DM, afterId: BORN_MS / 1000 - 1})
    expect(emptied).toEqual([])
  })

  test('where Redis was emptied: a moment before the beat but one, told once', async () => {
    const {starts, at, empty, emptied} = rig()
    for (const seconds of [100, 200, 202]) {
      at(seconds)
      starts.beat()
    }
    empty()
    const afterId = BORN_MS / 1000 + 190 - 1
    expect(await starts.of(ROOM)).toEqual({channel: ROOM, afterId})
    at(500)
    starts.beat()
    expect(await starts.of(DM)).toEqual({channel: DM, afterId})
    expect(emptied).toHaveLength(1)
  })
})
