import type {Message} from '../../contract/resources.js'
import {logFlags} from '../../lib/cli/log-format.js'
import {metricsFlags} from '../../lib/cli/metrics/flags.js'
import {followRooms} from '../../lib/cli/tail/channels.js'
import type {StreamRecord} from '../../lib/cli/tail/stream-records.js'
import {TailCommand} from '../../lib/cli/tail/tail-command.js'
import {namesArg, roomsFlags, tailFlags} from '../../lib/cli/tail/tail-flags.js'

/** Each record of `--json`. */
export type Records = Message | StreamRecord

/** `veza messages tail`: rooms, live. */
export default class MessagesTail extends TailCommand {
  static override summary = 'Follow rooms live'
  static override calls = ['authenticate', 'join_room'] as const
  static override description =
    'Prints each new message as it comes, once. When the connection breaks it is opened again, and what came meanwhile is ' +
    'fetched; each half minute history is compared, so that a message the server forgot to send still comes, marked late. ' +
    'With --cursor, or --resume, the next start goes on exactly where this one ended, whatever ended it; --since or ' +
    '--last then holds only for rooms the cursor does not know.\n\n' +
    'Following a public room makes you a member of it. All filters must hold; --count counts what has passed them. ' +
    'With --json and --events the stream also has records with the fields event and v: ready, disconnected, reconnected, ' +
    'gap_filled, late, lagged and, at last, end.\n\n' +
    'A command of --exec gets the message as VEZA_MESSAGE_ID, _CONTENT, _AUTHOR, _AUTHOR_ID, _ROOM, _ROOM_ID, _PARENT_ID ' +
    'and _CREATED_AT, and its record on stdin. One that fails is tried again; if it keeps failing the tail ends, ' +
    'unless there is a --dead-letter file. The cursor passes a message only once its command has ended with 0. --count counts commands that were begun.\n\n' +
    'Ends with 0 after --count, --idle-timeout or --until; with 124 when --timeout runs out, or --idle-timeout before ' +
    'the --count.'
  static override args = {rooms: namesArg('Rooms: id, name or #name; by default VEZA_ROOM')}
  static override flags = {...roomsFlags, ...tailFlags, ...metricsFlags, ...logFlags}
  static override examples = [
    '<%= config.bin %> <%= command.id %> general builds --last 10',
    '<%= config.bin %> <%= command.id %> "#builds" --json | jq --unbuffered -r .content',
    '<%= config.bin %> <%= command.id %> --all --since 2h --grep "error|failed" --not-from-me',
    '<%= config.bin %> <%= command.id %> general --json --events --cursor ci.cursor | worker',
    "<%= config.bin %> <%= command.id %> general --resume hooks --exec './hook.sh' --dead-letter dead.ndjson",
    '<%= config.bin %> <%= command.id %> general --count 1 --timeout 10m',
  ]

  async run(): Promise<void> {
    const {args, flags} = await this.parse(MessagesTail)
    const rooms = [...(args.rooms ?? []), ...(flags.room ?? [])]
    await this.follow(flags, context => followRooms(context, rooms, flags.all))
  }
}
