import type {LabelsOf, NameOf} from './definitions.js'

/** Sets what is counted elsewhere: the value of a gauge, or what a counter has come to. */
export type SetFigure = <N extends NameOf<'counter' | 'gauge'>>(
  name: N,
  labels: LabelsOf<N>,
  value: number,
) => void

/**
 * What a process measures of itself. What is counted anyway is told by a source, at each scrape; only what nobody counts is
 * noted when it happens, and nothing for each message.
 */
export interface Metrics {
  /** Whether anybody asked for metrics: what costs anything is left undone without. */
  readonly isOn: boolean
  /** Something has happened, `by` times; 1 by default. */
  add<N extends NameOf<'counter'>>(name: N, labels: LabelsOf<N>, by?: number): void
  /** Something had this size, in the unit of its name. */
  observe<N extends NameOf<'histogram'>>(name: N, labels: LabelsOf<N>, value: number): void
  /** Has a source told at each scrape. It must neither wait nor throw. */
  collect(source: (set: SetFigure) => void): void
  /** Whether the process does its work, asked by `/readyz` and at each scrape. Default: no. The last one counts. */
  readyWhen(isReady: () => boolean): void
}

/** For a process that nobody watches. */
export const noMetrics: Metrics = {
  isOn: false,
  add: () => undefined,
  observe: () => undefined,
  collect: () => undefined,
  readyWhen: () => undefined,
}
