import type {Webhook} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {webhookView} from '../../lib/output/views/webhook.js'

/** What `webhooks list --json` prints. */
export type Output = readonly Webhook[]

/** `veza webhooks list`: the webhooks of the account. */
export default class WebhooksList extends VezaCommand<Output> {
  static override summary = 'List the webhooks of this account'
  static override calls = ['GET /webhooks'] as const
  static override description = 'All of them: the server has no pages here. Secrets are never shown.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --json | jq -r .[].url',
  ]

  async run(): Promise<Output> {
    await this.parse(WebhooksList)
    const {items, has_more, total = 0} = await this.api.webhooks.list()
    await this.out.list<Webhook>(items, webhookView, {empty: 'no webhooks'})
    if (has_more || total > items.length) this.out.notice(`the server has more than these ${items.length}`)
    return items
  }
}
