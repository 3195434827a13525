import {roomArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag, wordFlag} from '../../lib/cli/flags.js'
import {chartStyle} from '../../lib/cli/stats/chart-style.js'
import {COUNT_UNITS} from '../../lib/cli/stats/history-counts.js'
import {readRoomStats} from '../../lib/cli/stats/room-stats.js'
import {type RoomStatsReport, roomStatsView} from '../../lib/output/views/room-stats.js'

/** What `rooms stats --json` prints. */
export type Output = RoomStatsReport

/** `veza rooms stats`: what happened in a room. */
export default class RoomsStats extends VezaCommand<Output> {
  static override summary = 'Show what happened in a room: messages, people, when, and by whom'
  static override calls = ['GET /rooms/{id}/stats'] as const
  static override description =
    'The numbers are the server’s. It does not say when each message was sent: with --by the messages of the period ' +
    'are read from history, a hundred at a time, and counted here, in UTC; what was deleted is not among them. ' +
    'At a terminal the people who wrote most, and the hours or days, are drawn as charts.'
  static override args = {room: roomArg()}
  static override flags = {
    period: textFlag({
      summary: 'How far back, such as 24h, 7d or 4w; the server says what it takes',
      helpValue: 'PERIOD',
    }),
    by: wordFlag('by', COUNT_UNITS, {summary: 'Also read history and count its messages by hour or day'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general',
    '<%= config.bin %> <%= command.id %> general --period 4w --by day',
    '<%= config.bin %> <%= command.id %> general --by hour --json | jq .history.counts',
  ]

  async run(): Promise<Output> {
    const {args, flags} = await this.parse(RoomsStats)
    const stats = await readRoomStats(this.context, args.room, flags)
    await this.out.one(stats, roomStatsView(stats, await chartStyle(this.context)))
    return stats
  }
}
