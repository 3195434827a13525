import type {Frame} from '../../contract/resources.js'
import {fieldFlags} from '../../lib/cli/api/field-flags.js'
import {outgoingFrames} from '../../lib/cli/api/outgoing.js'
import {openRawSocket} from '../../lib/cli/api/socket.js'
import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {counted, Ending} from '../../lib/cli/ending.js'
import {durationFlag, integerFlag, textFlag} from '../../lib/cli/flags.js'
import {textsFlag} from '../../lib/cli/list-flags.js'
import {rawView} from '../../lib/output/views/raw.js'

/** A frame as the server sent it. */
export type Records = Frame

/** `veza api ws`: raw frames. */
export default class ApiWs extends VezaCommand<void> {
  static override summary = 'Send and watch raw frames of the WebSocket'
  static override description =
    'Connects, authenticates, sends the frame TYPE with the fields of -f and -F, or those of --input, one JSON object ' +
    '{"type", "data"} a line, and prints every frame that comes as one JSON record a line. Ends with the connection, after ' +
    '--count, or when nothing came for --idle-timeout after the last frame was sent; an error frame gives the exit code ' +
    'then. One connection only: veza messages tail is what reconnects and loses nothing.'
  static override calls = [
    'authenticate',
    'join_room',
    'send_message',
    'leave_room',
    'get_history',
    'pin_message',
    'create_dm',
    'send_dm',
    'block_dm',
    'list_dms',
    'add_reaction',
    'remove_reaction',
    'get_reactions',
    'get_room_stats',
    'get_audit_logs',
    'ping',
    'disconnect',
  ] as const
  static override args = {
    type: optionalTextArg({description: 'Type of the frame to send, such as get_reactions'}),
  }
  static override flags = {
    ...fieldFlags,
    input: textFlag({summary: 'Send the frames in this file, - for stdin', helpValue: 'FILE'}),
    type: textsFlag({summary: 'Print frames of this type only; may be repeated', helpValue: 'TYPE'}),
    count: integerFlag('count', {summary: 'End after so many printed frames'}, 1),
    'idle-timeout': durationFlag('idle-timeout', {summary: 'End when nothing came for so long'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> get_room_stats -F room_id=1 --type room_stats --count 1',
    '<%= config.bin %> <%= command.id %> --input frames.ndjson --idle-timeout 2s',
  ]

  readonly #ending = new Ending()
  #count = 0

  async run(): Promise<void> {
    const {args, flags} = await this.parse(ApiWs)
    const outgoing = await outgoingFrames({type: args.type, flags, stdin: this.io.stdin})
    const socket = await openRawSocket(this.context, {
      outgoing,
      types: new Set(flags.type),
      count: flags.count,
      idleMs: flags['idle-timeout'],
    })
    this.cleanup(() => socket.close())
    await this.io.watchReader()
    this.#ending.begin()
    this.out.ready(this.context.settings.server)
    for await (const frame of socket.frames()) {
      this.#count += 1
      await this.out.record(frame, rawView)
    }
  }

  protected override farewell(reason: string): string | undefined {
    return this.#ending.line(reason, counted(this.#count, 'frame'))
  }
}
