import {setTimeout as sleep} from 'node:timers/promises'
import type {Io} from '../../output/io.js'
import {aborted} from '../ending.js'

/** After a signal a slow reader has so long to take the rest: within the grace there is a last line to print, too. */
const LAST_READ_MS = 1000

/**
 * Whether all output has left the process. Waits for a slow reader as long as it takes, but after an abort of the
 * signal 1 s at most. Never rejects.
 */
export function hasLeft(io: Pick<Io, 'flush'>, signal: AbortSignal): Promise<boolean> {
  const left = io.flush().then(
    () => true,
    () => false,
  )
  return Promise.race([left, aborted(signal).then(() => sleep(LAST_READ_MS, false, {ref: false}))])
}
