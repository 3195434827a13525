import type {Message} from '../../contract/resources.js'
import {type Measure, truncate} from './formats/layout.js'
import {sanitizeLine} from './sanitize.js'
import {authorName} from './views/message-line.js'

const CAPACITY = 500
const QUOTED_COLUMNS = 60
/** More UTF-16 units than that many columns of what people write. */
const KEPT_UNITS = 500

interface Recent {
  readonly author: string
  readonly beginning: string
}

/** The last 500 messages in short, so that a reply can show what it answers. */
export class RecentMessages {
  readonly #measure: Measure
  readonly #recent = new Map<string, Recent>()

  constructor(measure: Measure) {
    this.#measure = measure
  }

  add(message: Message): void {
    const key = keyOf(message, message.id)
    this.#recent.delete(key)
    this.#recent.set(key, {author: authorName(message), beginning: beginningOf(message.content)})
    for (const oldest of this.#recent.keys()) {
      if (this.#recent.size <= CAPACITY) break
      this.#recent.delete(oldest)
    }
  }

  /** `author: beginning` of what a message answers, one line of safe text; undefined where it is not known. */
  answeredBy(reply: Message): string | undefined {
    if (!reply.parent_id) return undefined
    const parent = this.#recent.get(keyOf(reply, reply.parent_id))
    if (parent === undefined) return undefined
    const quoted = truncate(sanitizeLine(parent.beginning), QUOTED_COLUMNS, this.#measure)
    return `${sanitizeLine(parent.author)}: ${quoted}`
  }
}

/** Nothing in the contract says that the ids of direct messages are none of a room's. */
function keyOf({conversation_id}: Message, id: number): string {
  return `${conversation_id === undefined ? 'room' : 'dm'}:${id}`
}

/** A copy: a slice would keep the whole content in memory. */
function beginningOf(content: string): string {
  if (content.length <= KEPT_UNITS) return content
  return `${Buffer.from(content.slice(0, KEPT_UNITS)).toString()}…`
}
