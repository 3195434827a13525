import {ok, skipped, type Verdict, warning} from './check.js'

const TOLERANCE_MS = 5000

/**
 * How far the clocks are apart. Warns above 5 s: tokens that are good seem over, or those that are over good.
 * @param skewMs how far the server's clock is ahead of ours; undefined where it does not tell the time.
 */
export function checkClock(skewMs: number | undefined): Verdict {
  if (skewMs === undefined) return skipped('the server does not tell its time')
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  const detail =
    seconds === 0
      ? 'the same as the server’s'
      : `${seconds} s ${skewMs < 0 ? 'ahead of' : 'behind'} the server’s`
  if (Math.abs(skewMs) <= TOLERANCE_MS) return ok(detail)
  return warning(detail, 'set the clock of this machine, or of the server, by the network (NTP)')
}
