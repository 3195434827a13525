/** One look at something that is to stay as it is. */
export interface Sample {
  /** Minutes since the start. */
  readonly atMin: number
  readonly value: number
}

/** How something changed in the second half of a run. Values are in the unit of the samples. */
export interface Trend {
  readonly median: number
  readonly most: number
  /** Of the regression line, in an hour. */
  readonly slopePerHour: number
  /** The 95 % interval of that. */
  readonly low: number
  readonly high: number
  /** The mean of the last quarter of the run over that of the third. */
  readonly ratio: number
}

const BLOCKS = 30

/**
 * The least-squares line through the second half. Samples of neighbouring moments are not independent, since garbage is
 * collected now and then: they are put together in 30 blocks by `combine`, and what these still have to do with one another
 * (the first autocorrelation of what the line leaves over) widens the interval.
 */
export function trendOf(samples: readonly Sample[], combine: (values: readonly number[]) => number): Trend {
  const endMin = samples.at(-1)?.atMin ?? 0
  const half = samples.filter(({atMin}) => atMin >= endMin / 2)
  const points = blocksOf(half, combine)
  const values = half.map(({value}) => value)
  const {slope, error} = line(points)
  const width = error * 60
  const late = mean(half.filter(({atMin}) => atMin >= (endMin * 3) / 4).map(({value}) => value))
  const early = mean(half.filter(({atMin}) => atMin < (endMin * 3) / 4).map(({value}) => value))
  return {
    median: median(values),
    most: Math.max(...values),
    slopePerHour: slope * 60,
    low: slope * 60 - width,
    high: slope * 60 + width,
    ratio: late / early,
  }
}

function blocksOf(samples: readonly Sample[], combine: (values: readonly number[]) => number): Sample[] {
  const size = Math.max(1, Math.ceil(samples.length / BLOCKS))
  const points: Sample[] = []
  for (let at = 0; at + size <= samples.length; at += size) {
    const block = samples.slice(at, at + size)
    points.push({
      atMin: mean(block.map(({atMin}) => atMin)),
      value: combine(block.map(({value}) => value)),
    })
  }
  return points
}

/** The slope a minute, and half of its 95 % interval. */
function line(points: readonly Sample[]): {readonly slope: number; readonly error: number} {
  const count = points.length
  const [x, y] = [mean(points.map(({atMin}) => atMin)), mean(points.map(({value}) => value))]
  const xx = sum(points.map(({atMin}) => (atMin - x) ** 2))
  const slope = sum(points.map(({atMin, value}) => (atMin - x) * (value - y))) / xx
  const left = points.map(({atMin, value}) => value - y - slope * (atMin - x))
  const squares = sum(left.map(rest => rest ** 2))
  if (squares === 0) return {slope, error: 0}
  const neighbours = sum(left.slice(1).map((rest, at) => rest * (left[at] ?? 0)))
  const kinship = Math.min(0.9, Math.max(0, neighbours / squares))
  const independent = (count * (1 - kinship)) / (1 + kinship)
  const freedom = Math.max(1, independent - 2)
  return {slope, error: studentOf(freedom) * Math.sqrt((squares / freedom / xx) * (count / independent))}
}

/** The 97.5 % quantile of Student's distribution, near enough from 5 degrees of freedom on. */
const studentOf = (freedom: number): number => 1.96 + 2.6 / freedom

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length % 2 === 1) return sorted[middle] ?? 0
  return mean(sorted.slice(middle - 1, middle + 1))
}

export const least = (values: readonly number[]): number => Math.min(...values)

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
const mean = (values: readonly number[]): number => sum(values) / values.length
