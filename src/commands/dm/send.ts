import {optionalTextArg, userArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {bodyFlags, idFlag, rateFlags} from '../../lib/cli/flags.js'
import {readBody} from '../../lib/cli/message-body.js'
import {keyFlags} from '../../lib/cli/send/key.js'
import {queueFlags} from '../../lib/cli/send/queue-flags.js'
import {sendTo} from '../../lib/cli/send/send-to.js'
import type {QueuedMessage} from '../../lib/output/views/outbox-entry.js'
import type {SentMessage} from '../../lib/output/views/sent-message.js'

/** What `--json` prints. */
export type Output = SentMessage | QueuedMessage

/** `veza dm send`: one direct message. */
export default class DmSend extends VezaCommand<SentMessage | QueuedMessage> {
  static override summary = 'Send a direct message to a user'
  static override calls = ['POST /conversations', 'POST /conversations/{id}/messages'] as const
  static override description =
    'Finds the conversation with the user, or opens it. The message is the second argument, or --message, or --file, ' +
    'or what is piped in.'
  static override args = {user: userArg(), message: optionalTextArg({description: 'The message'})}
  static override flags = {
    ...bodyFlags,
    ...rateFlags,
    'reply-to': idFlag('reply-to', {summary: 'The message this one answers'}),
    ...keyFlags,
    ...queueFlags,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice "The build is green again"',
    'uptime | <%= config.bin %> <%= command.id %> 7 --json',
  ]

  async run(): Promise<SentMessage | QueuedMessage> {
    const {args, flags} = await this.parse(DmSend)
    const {message, file} = flags
    const content = await readBody({
      text: args.message,
      message,
      file,
      stdin: this.io.stdin,
      signal: this.signal,
    })
    const to = {kind: 'dm', ...args.user} as const
    const keys = {key: flags['idempotency-key'], upsertKey: flags.upsert}
    return sendTo(this.context, {to, content, parentId: flags['reply-to'], ...keys}, flags)
  }
}
