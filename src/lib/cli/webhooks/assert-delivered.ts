import type {WebhookTest} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'

/**
 * A server that says nothing of the delivery has at least tried it.
 * @throws {VezaError} `failed` where it says that nothing was delivered.
 */
export function assertDelivered({webhook_id, delivered, status_code}: WebhookTest): void {
  if (delivered !== false) return
  const answer =
    typeof status_code === 'number' ? `the receiver answered HTTP ${status_code}` : 'no answer came'
  throw new VezaError('failed', `the test of webhook ${webhook_id} was not delivered: ${answer}`, {
    hint:
      status_code === 401
        ? 'the receiver knows another secret'
        : 'the server must reach the URL: see veza webhooks list',
  })
}
