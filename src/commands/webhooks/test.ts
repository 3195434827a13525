import type {WebhookTest} from '../../contract/resources.js'
import {webhookArg} from '../../lib/cli/args.js'
import {VezaCommand} from '../../lib/cli/base-command.js'
import {assertDelivered} from '../../lib/cli/webhooks/assert-delivered.js'
import {webhookTestView} from '../../lib/output/views/webhook.js'

/** What `webhooks test --json` prints. */
export type Output = WebhookTest

/** `veza webhooks test`: a delivery to try a webhook with. */
export default class WebhooksTest extends VezaCommand<Output> {
  static override summary = 'Have the server deliver a test event'
  static override calls = ['POST /webhooks/{id}/test'] as const
  static override description =
    'Ends with 1 where the server says that the receiver did not take it. Only the account that made a webhook may test it.'
  static override args = {webhook: webhookArg()}
  static override examples = [
    '<%= config.bin %> <%= command.id %> 3',
    '<%= config.bin %> <%= command.id %> 3 --json | jq .status_code',
  ]

  async run(): Promise<Output> {
    const {args} = await this.parse(WebhooksTest)
    this.out.check(webhookTestView)
    const test = await this.api.webhooks.test(args.webhook)
    await this.out.one(test, webhookTestView)
    assertDelivered(test)
    return test
  }
}
