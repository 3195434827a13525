import type {OutputStream} from './io.js'
import {sanitizeLine} from './sanitize.js'
import {terminalWidth} from './terminal.js'

/** More often than this nobody reads it. */
const EVERY_MS = 100
const CLEAR = '\r\u001b[K'

/** One line on stderr that says what is being done, each text in the place of the one before. */
export interface StatusLine {
  /** Cheap: most texts that come fast are never written. */
  show(text: string): void
  /** Removes the line. Call it in any case, before the next line is written to stderr. */
  stop(): void
}

/** What a status line needs. */
export interface StatusLineOptions {
  /** stderr. */
  readonly stream: OutputStream
  readonly quiet: boolean
  /** Milliseconds. */
  readonly now: () => number
  readonly write: (text: string) => void
}

/** A status line, silent where stderr is no terminal or with `--quiet`. */
export function createStatusLine({stream, quiet, now, write}: StatusLineOptions): StatusLine {
  if (quiet || stream.isTTY !== true) return {show() {}, stop() {}}
  let nextMs = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    show(text) {
      if (now() < nextMs) return
      nextMs = now() + EVERY_MS
      isShown = true
      // A line that wraps could not be taken back.
      write(`${CLEAR}${sanitizeLine(text).slice(0, terminalWidth(stream.columns) - 1)}`)
    },
    stop() {
      if (isShown) write(CLEAR)
      isShown = false
    },
  }
}
