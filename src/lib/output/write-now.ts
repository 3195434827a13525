import {writeSync} from 'node:fs'

const STDOUT = 1

/**
 * Writes all of a text to stdout at once. For completion, whose reader is the pipe of a shell: setting up the streams of the
 * process takes longer than all else it does. Throws what the system says, such as EPIPE.
 */
export function writeNow(text: string): void {
  let rest = Buffer.from(text)
  while (rest.length > 0) rest = rest.subarray(writeSync(STDOUT, rest))
}
