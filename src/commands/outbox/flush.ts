import {VezaCommand} from '../../lib/cli/base-command.js'
import {rateFlags, switchFlag} from '../../lib/cli/flags.js'
import {flush} from '../../lib/cli/outbox/flush.js'
import type {FlushedRecord} from '../../lib/output/views/outbox-entry.js'

/** Each record of `--json`. */
export type Records = FlushedRecord

/** `veza outbox flush`: sends what waits. */
export default class OutboxFlush extends VezaCommand<void> {
  static override summary = 'Send the messages that wait'
  static override description =
    'Oldest first, each once, those of the account in use. One that cannot be sent now holds the later ones of its room ' +
    'or conversation back, no others. One that the server refuses stays, marked, until it is dropped or tried again with ' +
    '--refused. Ends with the exit code of the first failure. Several at once take turns, so a timer may start it.'
  static override flags = {
    ...rateFlags,
    refused: switchFlag({summary: 'Try those again, too, that were refused before'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '*/5 * * * * <%= config.bin %> <%= command.id %> --quiet',
    '<%= config.bin %> <%= command.id %> --refused --json',
  ]

  async run(): Promise<void> {
    const {flags} = await this.parse(OutboxFlush)
    await flush(this.context, flags.refused === true)
  }
}
