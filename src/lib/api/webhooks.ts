import type {Page, Webhook, WebhookTest} from '../../contract/resources.js'
import type {HttpClient} from '../http/types.js'
import {decodePage} from './decode.js'
import {decodeWebhook, decodeWebhookTest} from './decode-webhooks.js'

/** A server that says nothing of more has given all. */
const NO_LIMIT = Number.POSITIVE_INFINITY

/** A webhook to make. */
export interface NewWebhook {
  readonly url: string
  readonly events: readonly string[]
  /** What deliveries are signed with. */
  readonly secret: string
  /** Default: all rooms. */
  readonly roomId?: number | undefined
}

/** Section 4 of the contract, webhooks. */
export interface WebhooksApi {
  /** All there are: the contract has no pages of them. */
  list(): Promise<Page<Webhook>>
  create(webhook: NewWebhook): Promise<Webhook>
  /** Has the server deliver a test. */
  test(id: number): Promise<WebhookTest>
}

/** Makes the calls for webhooks. */
export function createWebhooksApi(http: HttpClient): WebhooksApi {
  return {
    list: async () => {
      const {data} = await http.request({method: 'GET', path: '/webhooks'})
      return decodePage(data, 'webhooks', decodeWebhook, NO_LIMIT)
    },
    create: async ({url, events, secret, roomId}) => {
      const body = {url, events, secret, ...(roomId === undefined ? {} : {room_id: roomId})}
      return decodeWebhook((await http.request({method: 'POST', path: '/webhooks', body})).data)
    },
    test: async id => {
      const {data} = await http.request({method: 'POST', path: `/webhooks/${id}/test`})
      return decodeWebhookTest(data, id)
    },
  }
}
