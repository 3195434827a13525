import type {HttpEvent} from '../http/types.js'
import type {Printer} from '../output/printer.js'

/** A difference between the clocks below this is the way of the answer, not a wrong clock. */
const CLOCK_TOLERANCE_MS = 5000

/** Tells of what the REST pipeline does: waits are said, requests are for `--debug`. */
export function describeHttpEvent(event: HttpEvent, out: Printer): void {
  if (event.type === 'waiting') {
    const fields = {event: 'waiting', delay_ms: Math.round(event.delayMs)}
    out.notice(`waiting ${(event.delayMs / 1000).toFixed(1)} s: ${event.reason}`, fields)
  }
  if (event.type === 'attempt') out.debug(`${event.method} ${event.url} (try ${event.attempt})`)
  if (event.type === 'answer')
    out.verbose(`${event.method} ${event.url}: ${event.status} in ${Math.round(event.durationMs)} ms`)
  if (event.type === 'clock') describeClock(event.serverTimeMs - event.localTimeMs, out)
}

function describeClock(skewMs: number, out: Printer): void {
  if (Math.abs(skewMs) > CLOCK_TOLERANCE_MS)
    out.debug(`the server's clock is ${Math.round(skewMs / 1000)} s from ours`)
}
