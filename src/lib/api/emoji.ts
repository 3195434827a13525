import {VezaError} from '../errors/veza-error.js'

/**
 * An emoji as the last part of an address, percent-encoded (section 4 of the contract). Whatever it is: which emoji there
 * are is the server's matter.
 * @throws {VezaError} `usage` for an empty one, and for `.` and `..`: encoded or not, an address takes these for steps up,
 * and the call would go to the message itself.
 */
export function emojiSegment(emoji: string): string {
  if (emoji.trim() === '') throw new VezaError('usage', 'EMOJI is empty')
  if (emoji === '.' || emoji === '..') throw new VezaError('usage', `EMOJI cannot be ${emoji}`)
  return encodeURIComponent(emoji)
}
