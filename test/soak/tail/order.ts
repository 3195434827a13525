import type {Delivered} from './oracle.js'
import type {Note, Received} from './received.js'

/** A part of history that came out in one go: ids from `from` to `to` of one room. */
interface Filled {
  readonly roomId: number
  readonly from: number
  readonly to: number
  /** So many of them at least. */
  readonly count: number
}

/** Where one connection ends, and perhaps another begins. */
const BORDERS: ReadonlySet<string> = new Set(['disconnected', 'reconnecting'])

/**
 * Where history did not come in order. What a feed says it has filled in must have come ascending since the last
 * connection broke, room by room. Live messages come as the server sends them: of these no order is promised; nor of late
 * ones. For a feed only: the records of the command do not tell of each connection, since some are never live.
 */
export function disorder({notes, messages}: Received): string[] {
  const found: string[] = []
  let start = 0
  for (const note of notes) {
    if (BORDERS.has(note.event)) start = note.after
    const between = messages.slice(start, note.after)
    for (const filled of filledBy(note)) found.push(...wrongIn(between, filled))
  }
  return found
}

function filledBy({event, data}: Note): Filled[] {
  if (event === 'gap_filled') {
    return [
      {roomId: Number(data.room_id), from: Number(data.from), to: Number(data.to), count: Number(data.count)},
    ]
  }
  if (event !== 'ready') return []
  const rooms = data.rooms as readonly {readonly room_id: number; readonly last_id: number}[]
  return rooms.map(room => ({roomId: room.room_id, from: 0, to: room.last_id, count: 0}))
}

function wrongIn(between: readonly Delivered[], {roomId, from, to, count}: Filled): string[] {
  const ids = between
    .filter(message => !message.late && message.roomId === roomId && message.id >= from && message.id <= to)
    .map(({id}) => id)
  const descents = ids.filter((id, nth) => nth > 0 && id <= ids[nth - 1]!)
  return [
    ...descents.map(id => `${id} after ${ids[ids.indexOf(id) - 1]} in the gap from ${from} to ${to}`),
    ...(ids.length < count ? [`${ids.length} of ${count} in the gap from ${from} to ${to}`] : []),
  ]
}
