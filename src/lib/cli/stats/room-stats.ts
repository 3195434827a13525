import type {RoomStatsReport} from '../../output/views/room-stats.js'
import type {Reference} from '../args.js'
import type {Context} from '../context.js'
import {counted} from '../ending.js'
import {type CountUnit, countHistory, planCounts} from './history-counts.js'

/** The period in which messages are counted where none is named; servers have the same default (section 4 of the contract). */
const DEFAULT_PERIOD = '7d'

/** What to find out. */
export interface RoomStatsRequest {
  readonly period?: string | undefined
  readonly by?: CountUnit | undefined
}

/**
 * What the server says of a room, and with `by` what is counted in its history, which is said on stderr.
 * @throws {VezaError} `usage` for a period that cannot be counted, before anything is asked.
 */
export async function readRoomStats(
  context: Context,
  room: Reference,
  {period, by}: RoomStatsRequest,
): Promise<RoomStatsReport> {
  const {api, out} = context
  if (by === undefined) return api.rooms.stats(await context.roomId(room), period)
  const wanted = period ?? DEFAULT_PERIOD
  planCounts(wanted, by, Date.now())
  const id = await context.roomId(room)
  const stats = await api.rooms.stats(id, wanted)
  // Only an answer tells how far the server's clock is off.
  const plan = planCounts(wanted, by, Date.now() + context.network.skewMs)
  const history = await countHistory(api.messages.history(id), plan)
  out.notice(`counted ${counted(history.messages_read, 'message')} of history by ${by}, in UTC`)
  return {...stats, history}
}
