import {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'

/** What a client does with its server and is timed, as the label `operation` names it. */
export type Operation = 'connect' | 'history' | 'send'

/** Counts an error by its code; what is none of ours is a `bug`. */
export function countError(metrics: Metrics, error: unknown): void {
  metrics.add('chat_client_errors_total', {type: error instanceof VezaError ? error.code : 'bug'})
}

/** Times an operation, whether it ends well or not. */
export async function timed<T>(metrics: Metrics, operation: Operation, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  try {
    return await work()
  } finally {
    const seconds = (performance.now() - startedMs) / 1000
    metrics.observe('chat_client_message_duration_seconds', {operation}, seconds)
  }
}
