import type {Message} from '../../contract/resources.js'
import {logFlags} from '../../lib/cli/log-format.js'
import {metricsFlags} from '../../lib/cli/metrics/flags.js'
import {followConversations} from '../../lib/cli/tail/channels.js'
import type {StreamRecord} from '../../lib/cli/tail/stream-records.js'
import {TailCommand} from '../../lib/cli/tail/tail-command.js'
import {namesArg, tailFlags} from '../../lib/cli/tail/tail-flags.js'

/** Each record of `--json`. */
export type Records = Message | StreamRecord

/** `veza dm tail`: direct messages, live. */
export default class DmTail extends TailCommand {
  static override summary = 'Follow direct messages live'
  static override description =
    'Prints each message of the conversations with the users named, or of all conversations and those that begin from now ' +
    'on. Otherwise as messages tail: nothing is lost when the connection breaks, and with --cursor or --resume not ' +
    'between two starts either.\n\n' +
    'Ends with 0 after --count, --idle-timeout or --until; with 124 when --timeout runs out, or --idle-timeout before ' +
    'the --count.'
  static override args = {users: namesArg('Users: id, name or @name; all conversations by default')}
  static override flags = {...tailFlags, ...metricsFlags, ...logFlags}
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice --last 5',
    '<%= config.bin %> <%= command.id %> --json --resume inbox | worker',
    '<%= config.bin %> <%= command.id %> --not-from-me --exec \'notify-send "$VEZA_MESSAGE_AUTHOR" "$VEZA_MESSAGE_CONTENT"\'',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(DmTail)
    await this.follow(flags, context => followConversations(context, args.users ?? []))
  }
}
