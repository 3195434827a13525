import {DEFINITIONS} from '../../../src/lib/metrics/definitions.js'

/** The value of one line of an exposition; undefined where there is none. */
export function figure(text: string, series: string): number | undefined {
  const line = text.split('\n').find(candidate => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

/** The names of all families. */
export function familiesOf(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map(match => match[1] ?? '')
}

/** All there are. */
export const GROUPS = [...new Set(Object.values(DEFINITIONS).map(({group}) => group))]
