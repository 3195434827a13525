import {createHmac} from 'node:crypto'
import {type ClientRequest, request as httpRequest} from 'node:http'
import {request as httpsRequest} from 'node:https'

import type {Database} from './store/database.js'
import {hasWebhooks, type WebhookRow, webhooksFor} from './store/webhooks.js'

const TIMEOUT_MS = 3_000

/** Delivers events to the URLs that users configured; nobody waits for it, and nothing is tried twice. */
export class WebhookSender {
  readonly #inFlight = new Set<ClientRequest>()

  /** Whether there may be any webhook: most servers have none, and every message asks. */
  #isNeeded: boolean

  constructor(readonly db: Database) {
    this.#isNeeded = hasWebhooks(db)
  }

  /** To be called when a webhook was made. */
  enable(): void {
    this.#isNeeded = true
  }

  /** Sends an event of a room to every webhook that asked for it. */
  emit(event: string, roomId: number, data: object): void {
    if (!this.#isNeeded) return
    for (const webhook of webhooksFor(this.db, event, roomId)) void this.deliver(webhook, event, data)
  }

  /** Returns the status of the answer, or null when none came. */
  deliver(webhook: WebhookRow, event: string, data: object): Promise<number | null> {
    const body = Buffer.from(JSON.stringify({event, data}))
    const headers = {
      'content-type': 'application/json',
      'content-length': body.length,
      'x-webhook-signature': createHmac('sha256', webhook.secret).update(body).digest('hex'),
    }
    return new Promise(resolve => {
      const request = webhook.url.startsWith('https:') ? httpsRequest : httpRequest
      const delivery = request(webhook.url, {method: 'POST', headers, timeout: TIMEOUT_MS}, response => {
        response.resume()
        resolve(response.statusCode ?? null)
      })
      this.#inFlight.add(delivery)
      delivery.on('timeout', () => delivery.destroy())
      delivery.on('error', () => resolve(null))
      delivery.on('close', () => {
        this.#inFlight.delete(delivery)
        resolve(null)
      })
      delivery.end(body)
    })
  }

  close(): void {
    for (const delivery of this.#inFlight) delivery.destroy()
  }
}
