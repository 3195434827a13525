import type {Message} from '../../contract/resources.js'
import {optionalTextArg, userArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {bodyFlags, idFlag} from '../../lib/cli/flags.js'
import {readBody} from '../../lib/cli/message-body.js'
import {messageView} from '../../lib/output/views/message.js'

/** `veza dm send`: one direct message. */
export default class DmSend extends VezaCommand<Message> {
  static override summary = 'Send a direct message to a user'
  static override description =
    'Finds the conversation with the user, or opens it. The message is the second argument, or --message, or --file, ' +
    'or what is piped in.'
  static override args = {user: userArg(), message: optionalTextArg({description: 'The message'})}
  static override flags = {
    ...bodyFlags,
    'reply-to': idFlag('reply-to', {summary: 'The message this one answers'}),
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> alice "The build is green again"',
    'uptime | <%= config.bin %> <%= command.id %> 7 --json',
  ]

  async run(): Promise<Message> {
    const {args, flags} = await this.parse(DmSend)
    const {message, file} = flags
    const content = await readBody({
      text: args.message,
      message,
      file,
      stdin: this.io.stdin,
      signal: this.signal,
    })
    const {conversation_id} = await this.api.dms.open(await this.context.userId(args.user))
    const sent = await this.api.dms.send(conversation_id, {content, parentId: flags['reply-to']})
    await this.out.one(sent, messageView)
    return sent
  }
}
