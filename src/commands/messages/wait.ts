import type {Message} from '../../contract/resources.js'
import {logFlags} from '../../lib/cli/log-format.js'
import {followRooms} from '../../lib/cli/tail/channels.js'
import type {StreamRecord} from '../../lib/cli/tail/stream-records.js'
import {TailCommand} from '../../lib/cli/tail/tail-command.js'
import {namesArg, roomsFlags, waitFlags} from '../../lib/cli/tail/tail-flags.js'

const DEFAULT_TIMEOUT_MS = 600_000

/** Each record of `--json`. */
export type Records = Message | StreamRecord

/** `veza messages wait`: until a message comes. */
export default class MessagesWait extends TailCommand {
  static override summary = 'Wait for a message'
  static override description =
    'Prints the first message that --match, --from and the other flags ask for, and ends with 0. Only what is sent after it ' +
    'has started counts, so that an old answer does not approve anything new; from the line "ready:" on none is missed. ' +
    'With --since or --reply-to it looks back first.\n\n' +
    'Ends with 124 when no such message comes within --timeout, 10m by default; with 130 or 143 after a signal; with 4, 6, ' +
    '7 or 9 when it cannot follow the room.'
  static override args = {rooms: namesArg('Rooms: id, name or #name; by default VEZA_ROOM')}
  static override flags = {...roomsFlags, ...waitFlags, ...logFlags}
  static override examples = [
    "<%= config.bin %> <%= command.id %> deploys --match '^(yes|ok)' -i --from alice,bob --timeout 30m",
    "<%= config.bin %> <%= command.id %> deploys --reply-to 1234 --match '^yes' && ./deploy.sh",
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesWait)
    const rooms = [...(args.rooms ?? []), ...(flags.room ?? [])]
    const parent = flags['reply-to']
    const since = flags.since ?? (parent === undefined ? undefined : {id: parent})
    const deadlineMs = this.context.settings.timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : undefined
    const request = {...flags, since, deadlineMs, count: 1}
    await this.follow(request, context => followRooms(context, rooms, flags.all))
  }
}
