import {BOT_DEFINITIONS, RELAY_DEFINITIONS} from './bot-relay-definitions.js'
import {CLIENT_DEFINITIONS} from './client-definitions.js'
import type {DefinitionTable, Kind} from './definition.js'
import {SANDBOX_DEFINITIONS} from './sandbox-definitions.js'

/** Every metric of ours. Those of the process (memory, CPU, file descriptors, event loop) come with the Prometheus client. */
export const DEFINITIONS = {
  ...CLIENT_DEFINITIONS,
  veza_ready: {
    kind: 'gauge',
    group: 'process',
    help: '1 while what /readyz answers is 200, else 0.',
    labels: [],
  },
  ...BOT_DEFINITIONS,
  ...RELAY_DEFINITIONS,
  ...SANDBOX_DEFINITIONS,
} as const satisfies DefinitionTable

type Definitions = typeof DEFINITIONS

/** The name of a metric. */
export type MetricName = keyof Definitions

/** The names of the metrics of a kind. */
export type NameOf<K extends Kind> = {
  [N in MetricName]: Definitions[N]['kind'] extends K ? N : never
}[MetricName]

/** The labels that a value of a metric has; `{}` for one without labels. */
export type LabelsOf<N extends MetricName> = Readonly<Record<Definitions[N]['labels'][number], string>>
