/** What a metric is: it only grows, it goes up and down, or it is counted by size. */
export type Kind = 'counter' | 'gauge' | 'histogram'

/**
 * Which processes have a metric: every one, one that is a client of a chat server, a bot, a member of a group that shares
 * its work over Redis, the sandbox.
 */
export type MetricGroup = 'process' | 'client' | 'bot' | 'relay' | 'sandbox'

/** One metric. No label takes what users write or name: each has few values, however long a process runs. */
export interface Definition {
  readonly kind: Kind
  readonly group: MetricGroup
  readonly help: string
  readonly labels: readonly string[]
  /** Of a counter with one label, the values of it that are there at 0 from the start: `increase()` sees no series begin at 1. */
  readonly fromStart?: readonly string[]
  /** Upper bounds, for a histogram. */
  readonly buckets?: readonly number[]
}

/** Definitions by their names. */
export type DefinitionTable = Readonly<Record<string, Definition>>

/** Upper bounds from what one machine does at once to what a person waits for. */
export const WORK_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
] as const
