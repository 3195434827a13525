/** The value below which a share of the values lies, between two of them by proportion. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return low + (high - low) * (place - Math.floor(place))
}

export const median = values => quantile(values, 0.5)

/** Median with the quartiles around it. */
export function summary(values) {
  return {median: median(values), q1: quantile(values, 0.25), q3: quantile(values, 0.75)}
}

/**
 * How many times as much ours takes: the ratio of the medians. The quartiles are those of the ratios of neighbours in time,
 * so they show what the noise of the machine does to the figure.
 */
export function ratio(ours, baseline) {
  const pairs = ours.map((value, round) => value / baseline[round])
  return {ratio: median(ours) / median(baseline), q1: quantile(pairs, 0.25), q3: quantile(pairs, 0.75)}
}
