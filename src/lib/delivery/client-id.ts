import {createHash, randomUUID} from 'node:crypto'
import {type Channel, channelKey} from '../realtime/channel.js'

/** A `metadata.client_id` that no other message has (section 5 of the contract). */
export function randomClientId(): string {
  return `veza-${randomUUID()}`
}

/**
 * The `metadata.client_id` that a key stands for: the same in each run and on each machine, another one in each place.
 * 48 characters, nothing of the key can be read from it.
 */
export function keyedClientId(place: Channel, key: string): string {
  const hash = createHash('sha256')
    .update(`${channelKey(place)}\n${key}`)
    .digest('base64url')
  return `veza-${hash}`
}
