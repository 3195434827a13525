import type {Webhook, WebhookTest} from '../../../contract/resources.js'
import {moment} from './moment.js'
import type {Column, View} from './view.js'

/** A webhook that has just been made, with its secret where the client has made that. */
export interface CreatedWebhook extends Webhook {
  readonly secret?: string
}

const columns: readonly Column<Webhook>[] = [
  {header: 'id', value: webhook => webhook.id},
  {header: 'url', value: webhook => webhook.url, paint: (text, style) => style.bold(text)},
  {header: 'events', value: webhook => webhook.events?.join(', ')},
  {header: 'room', value: webhook => (webhook.room_id === null ? 'all' : webhook.room_id)},
  {header: 'created', value: (webhook, context) => moment(webhook.created_at, context)},
]

const jsonFields = ['id', 'url', 'events', 'room_id', 'created_at']

/** A webhook (section 4 of the contract). */
export const webhookView: View<Webhook> = {columns, jsonFields}

/** What `webhooks create` answers. */
export const createdWebhookView: View<CreatedWebhook> = {
  columns: [...columns, {header: 'secret', value: webhook => webhook.secret}],
  jsonFields: [...jsonFields, 'secret'],
}

/** What `webhooks test` answers. */
export const webhookTestView: View<WebhookTest> = {
  columns: [
    {header: 'webhook', value: test => test.webhook_id},
    {
      header: 'delivered',
      value: ({delivered}) => (delivered === undefined ? undefined : delivered ? 'yes' : 'no'),
      paint: (text, style, {delivered}) => (delivered === false ? style.red(text) : text),
    },
    {header: 'status', value: test => test.status_code},
  ],
  jsonFields: ['webhook_id', 'delivered', 'status_code'],
}
