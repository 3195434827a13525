import {type Masker, replaced} from './masker.js'

/** Masked at once: less would search the part that is held back again and again. */
const BLOCK_LENGTH = 64 * 1024
/** A secret without end must not fill the memory. */
const LONGEST_SECRET = 1024 * 1024

/**
 * Masks a text that comes in pieces, wherever a secret is cut. The end of what has come is held back until it is known
 * that no secret begins in it.
 */
export class MaskStream {
  readonly #masker: Masker
  readonly #blockLength: number
  readonly #holdLength: number
  #text = ''

  /** @param sizes for tests; by default 64 KiB at once, and as much held back as the masker needs. */
  constructor(masker: Masker, sizes: {readonly blockLength?: number; readonly holdLength?: number} = {}) {
    this.#masker = masker
    this.#blockLength = sizes.blockLength ?? BLOCK_LENGTH
    this.#holdLength = sizes.holdLength ?? masker.holdLength
  }

  /** Takes a piece; gives what is ready of all that has come. */
  push(piece: string): string {
    this.#text += piece
    return this.#text.length < this.#holdLength + this.#blockLength ? '' : this.#release()
  }

  /** Gives the rest. */
  end(): string {
    const rest = this.#masker.mask(this.#text)
    this.#text = ''
    return rest
  }

  #release(): string {
    const text = this.#text
    const spans = this.#masker.spans(text)
    const wanted = text.length - this.#holdLength
    const cut = text.lastIndexOf('\n', wanted - 1) + 1 || wanted
    const open = spans.find(({start, end}) => start < cut && end > cut)
    const at = open?.start ?? cut
    if (at === 0 && text.length < LONGEST_SECRET) return ''
    const end = at === 0 ? (open?.end ?? cut) : at
    this.#text = text.slice(end)
    return replaced(
      text.slice(0, end),
      spans.filter(span => span.end <= end),
    )
  }
}
