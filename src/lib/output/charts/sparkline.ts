import {type Canvas, lengthOf} from './canvas.js'

/** Nothing, then growing. */
const UNICODE = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const ASCII = ['_', '.', ':', '-', '=', '+', '*', '#']

/**
 * Values as one line, a character each; neighbours are added up where there are more of them than columns. Nothing is the
 * lowest character, and only nothing is.
 * @param max what the highest character stands for, so that several lines can be compared; default: the largest value.
 */
export function sparkline(
  values: readonly number[],
  {width, isUnicode}: Pick<Canvas, 'width' | 'isUnicode'>,
  max?: number,
): string {
  const points = merged(values.map(lengthOf), Math.max(1, width))
  const highest = lengthOf(max ?? 0) || points.reduce((most, point) => Math.max(most, point), 0)
  const levels = isUnicode ? UNICODE : ASCII
  const top = levels.length - 1
  return points
    .map(point => levels[point === 0 ? 0 : Math.min(top, Math.max(1, Math.ceil((point / highest) * top)))])
    .join('')
}

function merged(values: readonly number[], width: number): readonly number[] {
  const size = Math.ceil(values.length / width)
  if (size <= 1) return values
  return Array.from({length: Math.ceil(values.length / size)}, (_, group) =>
    values.slice(group * size, (group + 1) * size).reduce((sum, value) => sum + value, 0),
  )
}
