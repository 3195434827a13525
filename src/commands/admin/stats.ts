import type {ServerStats} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {chartStyle} from '../../lib/cli/stats/chart-style.js'
import {serverStatsView} from '../../lib/output/views/server-stats.js'

/** What `admin stats --json` prints: the server's own object. */
export type Output = ServerStats

/** `veza admin stats`: the server in numbers. */
export default class AdminStats extends VezaCommand<Output> {
  static override summary = 'Show the server in numbers, for its admins'
  static override calls = ['GET /admin/stats'] as const
  static override description =
    'Shows whatever the server tells: each number under its name, and at a terminal those of hours, days or people in a ' +
    'row as a chart.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq .total_messages',
  ]

  async run(): Promise<Output> {
    await this.parse(AdminStats)
    const stats = await this.api.admin.stats()
    await this.out.one(stats, serverStatsView(stats, await chartStyle(this.context)))
    if (Object.keys(stats).length === 0) this.out.notice('the server told nothing')
    return stats
  }
}
