import type {MetricGroup} from '../../metrics/definition.js'
import {type ListenAddress, parseListenAddress} from '../../metrics/listen-address.js'
import {type Metrics, noMetrics} from '../../metrics/metrics.js'
import type {Context} from '../context.js'

/** What `metricsFlags` parse to. */
export interface MetricsRequest {
  readonly 'metrics-listen'?: ListenAddress | undefined
  readonly 'metrics-file'?: string | undefined
}

/** The metrics of a command. */
export interface OpenedMetrics {
  readonly metrics: Metrics
  /** To be called at the end, behind all that is still to be counted. Never rejects. */
  close(): Promise<void>
}

/** For a command that nobody watches. */
export const noOpenedMetrics: OpenedMetrics = {metrics: noMetrics, close: () => Promise.resolve()}

/**
 * The metrics that the flags, else `VEZA_METRICS_LISTEN` and `VEZA_METRICS_FILE`, ask for; none are kept where neither does.
 * Says on stderr where they are to be had.
 * @throws {VezaError} `usage` for an address or a file that cannot be had.
 */
export async function openMetrics(
  {environment, out, signal}: Pick<Context, 'environment' | 'out' | 'signal'>,
  request: MetricsRequest,
  groups: readonly MetricGroup[],
): Promise<OpenedMetrics> {
  const listen = request['metrics-listen'] ?? listenOf(environment.get('VEZA_METRICS_LISTEN'))
  const file = request['metrics-file'] ?? environment.get('VEZA_METRICS_FILE')
  if (listen === undefined && file === undefined) return noOpenedMetrics
  if (file?.endsWith('.prom') === false)
    out.warn(`the textfile collector reads names that end in .prom only, ${file} does not`)
  const {openEndpoints} = await import('../../metrics/endpoints.js')
  const {metrics, url, close} = await openEndpoints({
    groups,
    listen,
    file,
    signal,
    onProblem: text => out.warn(text),
  })
  if (url !== undefined) out.notice(`metrics: ${url}/metrics`, {event: 'metrics', url: `${url}/metrics`})
  return {metrics, close}
}

function listenOf(text: string | undefined): ListenAddress | undefined {
  return text === undefined ? undefined : parseListenAddress(text, 'VEZA_METRICS_LISTEN')
}
