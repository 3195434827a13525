import {createHmac, timingSafeEqual} from 'node:crypto'

/** Hex of 32 bytes. */
const HEX_SHA256 = /^[0-9a-f]{64}$/i

/** What a signature turned out to be. */
export type Verdict = 'good' | 'missing' | 'malformed' | 'wrong'

/**
 * Checks `X-Webhook-Signature` (section 4 of the contract): the hex HMAC-SHA256 of the raw body under the secret. How long
 * a comparison takes says nothing of how much of it is right.
 */
export function checkSignature(header: string | undefined, body: Uint8Array, secret: string): Verdict {
  if (header === undefined || header === '') return 'missing'
  if (!HEX_SHA256.test(header)) return 'malformed'
  const expected = createHmac('sha256', secret).update(body).digest()
  return timingSafeEqual(expected, Buffer.from(header, 'hex')) ? 'good' : 'wrong'
}
