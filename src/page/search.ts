import type {PageMessage} from './archive.js'

/** Looks through messages; what is compared is made once. */
export class Search {
  readonly #messages: readonly PageMessage[]
  #texts: string[] | undefined

  constructor(messages: readonly PageMessage[]) {
    this.#messages = messages
  }

  /** The messages that have every word, in their text or their author's name. */
  find(query: string): readonly PageMessage[] {
    const words = wordsOf(query)
    if (words.length === 0) return this.#messages
    this.#texts ??= this.#messages.map(({author, content}) => `${author}\n${content}`.toLowerCase())
    const texts = this.#texts
    return this.#messages.filter((_message, index) => words.every(word => texts[index]?.includes(word)))
  }
}

/** What a query looks for. */
function wordsOf(query: string): readonly string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
}

/** Finds each of the words, to set them off; undefined for none. */
export function matcherOf(query: string): RegExp | undefined {
  const words = wordsOf(query).map(word => word.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  return words.length === 0 ? undefined : new RegExp(words.join('|'), 'gi')
}

/** The first message that begins a thread at this moment or later; the last one where there is none. */
export function indexAt(messages: readonly PageMessage[], time: number): number {
  const found = messages.findIndex(
    message => message.depth === 0 && message.time !== null && message.time >= time,
  )
  return found === -1 ? messages.length - 1 : found
}
