import {VezaCommand} from '../../lib/cli/base-command.js'
import {listOutbox} from '../../lib/cli/outbox/list.js'
import type {OutboxRecord} from '../../lib/output/views/outbox-entry.js'

/** What `--json` prints. */
export type Output = readonly OutboxRecord[]

/** `veza outbox list`: what waits to be sent. */
export default class OutboxList extends VezaCommand<readonly OutboxRecord[]> {
  static override summary = 'List the messages that wait to be sent'
  static override description =
    'What --queue and --queue-on-failure have put there for the server in use, oldest first, of all accounts on this ' +
    'machine. No server is asked.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq length',
  ]

  async run(): Promise<readonly OutboxRecord[]> {
    await this.parse(OutboxList)
    return listOutbox(this.context)
  }
}
