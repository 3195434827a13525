import type {WebhookDelivery} from '../../../contract/resources.js'

/** The body of a delivery, `{"event", "data"}` (section 4 of the contract); undefined for anything else. */
export function readDelivery(body: Uint8Array): WebhookDelivery | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(body))
    return isDelivery(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isDelivery(value: unknown): value is WebhookDelivery {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string'
}
