import type {Service} from './service.js'
import {least, median, type Trend, trendOf} from './slope.js'

/** Whether what a service takes stays as it is: the second half of its run, by three figures. */
export interface Steadiness {
  readonly name: string
  /** Resident memory, in MiB. */
  readonly rss: Trend
  /** What V8 has in use after the best collection of each minute, in MiB. */
  readonly heap: Trend
  /** Open file descriptors: the medians of the second and of the last quarter of the run. */
  readonly files: readonly [number, number]
  /** Whether the run was long enough for memory to be judged. */
  readonly isJudged: boolean
  readonly faults: readonly string[]
}

/** A slope below this is none: what is added in an hour, in MiB. */
const NOISE_MIB_PER_HOUR = 1
/** Of the last quarter over the third. */
const MOST_RATIO = 1.05
const MORE_FILES = 1
/** A shorter run is one in which caches still fill: it is shown, not judged. */
const JUDGED_FROM_MINUTES = 20

/**
 * Memory is flat when the 95 % interval of the slope in the second half reaches down to 1 MiB an hour or less, and the last
 * quarter is at most 5 % above the third (for a wide interval would hide a leak). Files are flat when the last quarter has at most one
 * more than the second. Memory of a run below 20 minutes is not judged.
 */
export function steadinessOf({name, looks}: Service): Steadiness {
  const rss = trendOf(
    looks.map(({atMin, rssMiB}) => ({atMin, value: rssMiB})),
    median,
  )
  const heap = trendOf(
    looks.flatMap(({atMin, heapMiB}) => (heapMiB === undefined ? [] : [{atMin, value: heapMiB}])),
    least,
  )
  const endMin = looks.at(-1)?.atMin ?? 0
  const filesFrom = (from: number, to: number): number =>
    median(
      looks
        .filter(({atMin}) => atMin >= endMin * from && atMin <= endMin * to)
        .map(({files: count}) => count),
    )
  const isJudged = endMin >= JUDGED_FROM_MINUTES
  const files = [filesFrom(0.25, 0.5), filesFrom(0.75, 1)] as const
  return {
    name,
    rss,
    heap,
    files,
    isJudged,
    faults: [
      ...(!isJudged
        ? []
        : [...growthOf(`${name}: resident memory`, rss), ...growthOf(`${name}: heap`, heap)]),
      ...(files[1] <= files[0] + MORE_FILES
        ? []
        : [`${name}: open files went from ${files[0]} to ${files[1]}`]),
    ],
  }
}

/** What is wrong with a trend; nothing where it is flat. */
export function growthOf(what: string, {slopePerHour, low, ratio}: Trend): readonly string[] {
  if (low <= NOISE_MIB_PER_HOUR && ratio <= MOST_RATIO) return []
  return [
    `${what} grows by ${slopePerHour.toFixed(1)} MiB an hour, its last quarter is ${ratio.toFixed(3)} of the third`,
  ]
}
