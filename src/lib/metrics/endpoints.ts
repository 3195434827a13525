import {basename} from 'node:path'
import type {MetricGroup} from './definition.js'
import {MetricsFile} from './file.js'
import {LateRegistry} from './late-registry.js'
import type {ListenAddress} from './listen-address.js'
import type {Metrics} from './metrics.js'
import {serveMetrics} from './serve.js'

/** What is asked for; at least one of `listen` and `file`. */
export interface EndpointOptions {
  readonly groups: readonly MetricGroup[]
  readonly listen: ListenAddress | undefined
  /** For the textfile collector. */
  readonly file: string | undefined
  /** Aborted when the process has to end: from then on it is not ready. */
  readonly signal: AbortSignal
  /** Told when the file cannot be written any more. */
  readonly onProblem: (text: string) => void
}

/** Metrics, and where they are to be had. */
export interface Endpoints {
  readonly metrics: Metrics
  /** `http://HOST:PORT` of what listens. */
  readonly url: string | undefined
  /** Writes the file for the last time and listens no more. Never rejects, and waits for no scraper. */
  close(): Promise<void>
}

/**
 * Makes the metrics of this process and offers them: over HTTP, in a file, or both.
 * @throws {VezaError} `usage` for an address or a file that cannot be had.
 */
export async function openEndpoints(options: EndpointOptions): Promise<Endpoints> {
  const {groups, listen, file: path, onProblem, signal} = options
  const registry = new LateRegistry(groups, () => signal.aborted)
  const server = listen && (await serveMetrics(listen, registry))
  const file = path === undefined ? undefined : await openFile(path, registry, onProblem, server?.close)
  return {
    metrics: registry,
    url: server?.url,
    async close() {
      await Promise.all([file?.close(), server?.close()])
    },
  }
}

/** Files of several processes lie in one folder, and of one metric each label set may be there only once. */
async function openFile(
  path: string,
  registry: LateRegistry,
  onProblem: (text: string) => void,
  undo: (() => Promise<void>) | undefined,
): Promise<MetricsFile> {
  const source = basename(path).replace(/\.prom$/, '')
  try {
    return await MetricsFile.open({path, text: () => registry.text({source}), onProblem})
  } catch (error) {
    await undo?.()
    throw error
  }
}
