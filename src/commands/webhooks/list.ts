import type {Webhook} from '../../contract/resources.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {showPage} from '../../lib/cli/show-page.js'
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
    const page = await this.api.webhooks.list()
    await showPage(this.context, page, webhookView, {noun: 'webhook'})
    return page.items
  }
}
