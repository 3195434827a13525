import {webAddressArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {textFlag} from '../../lib/cli/flags.js'
import {createWebhook} from '../../lib/cli/webhooks/create.js'
import {eventFlag} from '../../lib/cli/webhooks/event-flag.js'
import {secretFileFlag} from '../../lib/cli/webhooks/listen-flags.js'
import {type CreatedWebhook, createdWebhookView, webhookView} from '../../lib/output/views/webhook.js'

/** What `webhooks create --json` prints. */
export type Output = CreatedWebhook

/** `veza webhooks create`: have the server tell of events. */
export default class WebhooksCreate extends VezaCommand<Output> {
  static override summary = 'Have the server tell a URL of events'
  static override calls = ['POST /webhooks'] as const
  static override description =
    'The server signs each delivery with a secret, by which the receiver knows it: see veza webhooks listen. ' +
    'The secret comes from --secret-file or VEZA_WEBHOOK_SECRET, never from a flag; without one a new one is made and ' +
    'shown this once.'
  static override args = {
    url: webAddressArg({description: 'Where to deliver, http or https', required: true}),
  }
  static override flags = {
    event: eventFlag,
    room: textFlag({
      char: 'r',
      summary: 'Only events of this room: id, name or #name; of all rooms by default',
      helpValue: 'ROOM',
    }),
    'secret-file': secretFileFlag,
  }
  static override examples = [
    '<%= config.bin %> <%= command.id %> https://ci.example.org/veza --event message_sent --room builds',
    '<%= config.bin %> <%= command.id %> http://127.0.0.1:9000/ --event user_joined,user_left --json | jq -r .secret > secret',
  ]

  async run(): Promise<Output> {
    const {args, flags} = await this.parse(WebhooksCreate)
    // Of a webhook that is made in vain the secret would never be seen.
    this.out.check(createdWebhookView)
    const webhook = await createWebhook(this.context, this.io, {
      url: args.url,
      events: flags.event,
      room: flags.room,
      secretFile: flags['secret-file'],
    })
    await this.out.one(webhook, webhook.secret === undefined ? webhookView : createdWebhookView)
    if (webhook.secret !== undefined) this.out.notice('the secret is shown only this once: keep it now')
    return webhook
  }
}
