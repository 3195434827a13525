import {setTimeout as sleep} from 'node:timers/promises'
import {dieBy, type SignalSource} from './signals.js'
import type {RunEnd} from './status-text.js'

/** A session that is being renewed may be saved, but not wait for a server that is gone. */
const CLOSE_MS = 1000

/** How a run is left. */
export interface Leaving {
  /** Resolves when the room was told, or could not be. */
  readonly isTold: Promise<void>
  /** How the command ended, if it did. */
  end(): RunEnd | undefined
  readonly signals: SignalSource
}

/**
 * Ends as the command did: resolves to its exit code, or dies by its signal. Before that everything is closed, in a
 * second at most.
 * @param closed resolves to our own exit code, for a run that never began or ran out of time.
 */
export async function leave(closed: Promise<number>, {isTold, end, signals}: Leaving): Promise<number> {
  const tooLate = isTold.then(() => sleep(CLOSE_MS))
  const ownCode = await Promise.race([closed, tooLate])
  const ended = end()
  if (ended?.type === 'signal') return dieBy(signals, ended.signal)
  if (ended === undefined || ended.type === 'timeout') return ownCode ?? closed
  return ended.code
}
