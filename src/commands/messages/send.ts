import {optionalTextArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {bodyFlags, idFlag, rateFlags, roomFlag} from '../../lib/cli/flags.js'
import {readBody} from '../../lib/cli/message-body.js'
import {batchFlags, batchWishes} from '../../lib/cli/send/batch-flags.js'
import type {BatchResultRecord} from '../../lib/cli/send/batch-report.js'
import {chosenKeys, keyFlags, onceFlag} from '../../lib/cli/send/key.js'
import {queueFlags} from '../../lib/cli/send/queue-flags.js'
import {sendTo} from '../../lib/cli/send/send-to.js'
import {VezaError} from '../../lib/errors/veza-error.js'
import type {QueuedMessage} from '../../lib/output/views/outbox-entry.js'
import type {SentMessage} from '../../lib/output/views/sent-message.js'

/** What `--json` prints of one message. */
export type Output = SentMessage | QueuedMessage
/** Each record of `--json` with `--lines` or `--ndjson`. */
export type Records = BatchResultRecord

/** `veza messages send`: one message to a room. */
export default class MessagesSend extends VezaCommand<SentMessage | QueuedMessage | undefined> {
  static override summary = 'Send a message to a room'
  static override calls = ['POST /rooms/{id}/messages', 'send_message'] as const
  static override description =
    'The message is the second argument, or --message, or --file, or what is piped in. With --room the only argument ' +
    'is the message. One line break at the end of a file or pipe is left out; everything else is sent byte for byte. ' +
    'With --lines or --ndjson each line of --file or stdin is a message, sent in order, each once.'
  static override args = {
    room: optionalTextArg({description: 'The room: id, name or #name'}),
    message: optionalTextArg({description: 'The message'}),
  }
  static override flags = {
    ...bodyFlags,
    ...rateFlags,
    room: roomFlag,
    'reply-to': idFlag('reply-to', {summary: 'The message this one answers'}),
    ...keyFlags,
    once: onceFlag,
    ...queueFlags,
    ...batchFlags,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> general "Deployed 1.4.2"',
    'make 2>&1 | tail -20 | <%= config.bin %> <%= command.id %> "#builds" --reply-to 4711',
    '<%= config.bin %> <%= command.id %> --room general --message "--- done ---" --json',
    '<%= config.bin %> <%= command.id %> general --lines --file log.txt --journal log.journal',
  ]

  async run(): Promise<SentMessage | QueuedMessage | undefined> {
    const {args, flags} = await this.parse(MessagesSend)
    const batch = batchWishes(flags)
    if (batch !== undefined) {
      const {runBatch} = await import('../../lib/cli/send/batch.js')
      return runBatch(this.context, {...batch, words: args, flags, stdin: this.io.stdin})
    }
    const {room, text} = roomAndText(args, flags, this.context.settings.room)
    const reference = this.context.roomReference(room, flags.room)
    const content = await readBody({
      text,
      message: flags.message,
      file: flags.file,
      stdin: this.io.stdin,
      signal: this.signal,
    })
    const keys = await chosenKeys(flags, content)
    const to = {kind: 'room', ...reference} as const
    return sendTo(this.context, {to, content, parentId: flags['reply-to'], ...keys}, flags)
  }
}

interface Words {
  readonly room?: string
  readonly message?: string
}

/** With `--room` the only argument is the message. With VEZA_ROOM one argument alone may be either: nothing is guessed. */
function roomAndText(args: Words, flags: Words & {readonly file?: string}, setting: string | undefined) {
  if (flags.room === undefined) {
    const isAlone = args.room !== undefined && args.message === undefined
    if (isAlone && setting !== undefined && flags.message === undefined && flags.file === undefined)
      throw unclear()
    return {room: args.room, text: args.message}
  }
  if (args.message !== undefined) throw new VezaError('usage', 'the room is given twice')
  return {room: undefined, text: args.room}
}

function unclear(): VezaError {
  return new VezaError('usage', 'is the argument the room or the message? A room is set already', {
    hint: 'give the room with --room, or the message with --message or --file',
  })
}
