import type {Webhook, WebhookTest} from '../../contract/resources.js'
import type {Decoder} from './decode.js'
import {
  amount,
  bool,
  decodeShape,
  type Field,
  INVALID,
  id,
  nullable,
  required,
  type Shape,
  text,
} from './shape.js'

const texts: Field = {
  expected: 'a list of texts',
  parse: value => (Array.isArray(value) && value.every(item => typeof item === 'string') ? value : INVALID),
}

const WEBHOOK: Shape = {
  aliases: [{name: 'id', other: 'webhook_id'}],
  fields: [
    ['id', required(id)],
    ['url', required(text)],
    ['events', texts],
    ['room_id', nullable(id)],
    ['created_at', text],
  ],
}

const WEBHOOK_TEST: Shape = {
  fields: [
    ['webhook_id', required(id)],
    ['delivered', bool],
    ['status_code', nullable(amount)],
  ],
}

/** A webhook (section 4), without the secret that a server may send along. Throws `not_protocol`. */
export const decodeWebhook: Decoder<Webhook> = (value, at = 'webhook') => {
  const {secret: _secret, ...webhook} = decodeShape(WEBHOOK, value, at)
  return webhook as unknown as Webhook
}

/**
 * The answer to a test of the webhook `webhookId` (section 4), which may be nothing, and need not repeat the id.
 * Throws `not_protocol`.
 */
export function decodeWebhookTest(value: unknown, webhookId: number): WebhookTest {
  const answer = value ?? {}
  const known =
    typeof answer === 'object' && !Array.isArray(answer) ? {webhook_id: webhookId, ...answer} : answer
  return decodeShape(WEBHOOK_TEST, known, 'webhook test') as unknown as WebhookTest
}
