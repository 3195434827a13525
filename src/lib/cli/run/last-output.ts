import {sanitizeLine} from '../../output/sanitize.js'
import type {Masker} from './mask/masker.js'

/** More than the lines that are shown need: a private key that began before them is still seen as one. */
const KEEP_BYTES = 64 * 1024
/** Of a longer line the beginning is shown. */
const LINE_LENGTH = 160

/** The end of an output, as much of it as is needed to show its last lines. */
export class LastOutput {
  #parts: Buffer[] = []
  #bytes = 0
  #isCut = false

  push(part: Buffer): void {
    // A copy: the part may be a view of a buffer that is far larger.
    const kept = Buffer.from(part.subarray(-KEEP_BYTES))
    this.#isCut ||= kept.length < part.length
    this.#parts.push(kept)
    this.#bytes += kept.length
    for (;;) {
      const [first] = this.#parts
      if (first === undefined || this.#bytes - first.length < KEEP_BYTES) return
      this.#parts.shift()
      this.#bytes -= first.length
      this.#isCut = true
    }
  }

  /** The last lines that say something, masked, without escape sequences; of a progress bar what it showed last. */
  lines(count: number, masker: Masker): readonly string[] {
    if (count === 0) return []
    const text = Buffer.concat(this.#parts).toString('utf8')
    // What comes before the first break may be the rest of a secret.
    const whole = this.#isCut ? text.replace(/^[^\r\n]*/, '') : text
    return masker
      .mask(whole)
      .split('\n')
      .map(shown)
      .filter(line => line.trim() !== '')
      .slice(-count)
  }
}

function shown(line: string): string {
  const last = line.replace(/\r+$/, '').split('\r').at(-1) ?? ''
  const clean = sanitizeLine(last).replaceAll('⇥', '  ').replaceAll('```', "'''")
  return clean.length > LINE_LENGTH
    ? `${clean.slice(0, LINE_LENGTH - 1).replace(/[\ud800-\udbff]$/, '')}…`
    : clean
}
