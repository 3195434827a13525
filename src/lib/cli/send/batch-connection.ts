import type {PipelineOptions} from '../../delivery/batch/pipeline.js'
import type {Context} from '../context.js'
import {connectionEffects, dial} from '../dial.js'

/** The WebSocket of a batch, over the session and settings of this run (section 5 of the contract). */
export function batchPipeline(context: Context): PipelineOptions {
  const {retries, retryDelayMs, maxRetryDelayMs} = context.settings
  return {
    connect: (signal, {tokenRefused}) => dial(context, signal, tokenRefused),
    maxReconnects: retries,
    firstDelayMs: retryDelayMs,
    maxDelayMs: maxRetryDelayMs,
    effects: connectionEffects,
    onEvent: ({type, error}) => {
      const reason = error instanceof Error ? error.message : 'unknown reason'
      context.out.verbose(`${type}: ${reason}`)
    },
  }
}
