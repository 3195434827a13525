import type {StreamEntry} from './from-stream.js'

/** What was done for the entry that is under way. */
export class Trial {
  readonly entryId: string
  /** Since when somebody may have sent it, milliseconds since 1970 by the chat server's clock; undefined where nobody has. */
  sinceMs: number | undefined
  /** How often it was sent in vain. */
  sends = 0
  /** How often the server has failed over it alone. */
  failed = 0

  constructor({id, heldMs}: StreamEntry, nowMs: number) {
    this.entryId = id
    this.sinceMs = heldMs === undefined ? undefined : nowMs - heldMs
  }

  /** Notes that a send begins; resolves to since when there may have been one before. */
  begin(nowMs: number): number | undefined {
    const {sinceMs} = this
    this.sinceMs ??= nowMs
    this.sends += 1
    return sinceMs
  }
}
