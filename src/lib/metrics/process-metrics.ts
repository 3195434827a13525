import type {Counter, Registry} from 'prom-client'
import eventLoopLag from 'prom-client/lib/metrics/eventLoopLag.js'
import heapSizeAndUsed from 'prom-client/lib/metrics/heapSizeAndUsed.js'
import heapSpacesSizeAndUsed from 'prom-client/lib/metrics/heapSpacesSizeAndUsed.js'
import osMemoryHeap from 'prom-client/lib/metrics/osMemoryHeap.js'
import processCpuTotal from 'prom-client/lib/metrics/processCpuTotal.js'
import processMaxFileDescriptors from 'prom-client/lib/metrics/processMaxFileDescriptors.js'
import processOpenFileDescriptors from 'prom-client/lib/metrics/processOpenFileDescriptors.js'
import processResources from 'prom-client/lib/metrics/processResources.js'
import processStartTime from 'prom-client/lib/metrics/processStartTime.js'
import version from 'prom-client/lib/metrics/version.js'

/**
 * The default metrics of the Prometheus client, but for three: that of garbage collection has an observer called at each,
 * which costs a flood 4 % of its CPU, and counts only the first of several; handles and requests read what Node deprecates,
 * and are the same as resources.
 */
const COLLECTED = [
  processCpuTotal,
  processStartTime,
  osMemoryHeap,
  processOpenFileDescriptors,
  processMaxFileDescriptors,
  eventLoopLag,
  processResources,
  heapSizeAndUsed,
  heapSpacesSizeAndUsed,
  version,
]

/** A gauge that is named as if it were a counter; it is the sum of nodejs_active_resources. */
const MISNAMED = 'nodejs_active_resources_total'

/** Adds the figures of this process: CPU, memory, open files, event loop. */
export function collectProcessMetrics(registry: Registry): void {
  // The Prometheus client counts from when it is loaded, which may be long after the start.
  const {user, system} = process.cpuUsage()
  for (const register of COLLECTED) register(registry)
  registry.removeSingleMetric(MISNAMED)
  count(registry, 'process_cpu_user_seconds_total', user)
  count(registry, 'process_cpu_system_seconds_total', system)
  count(registry, 'process_cpu_seconds_total', user + system)
}

function count(registry: Registry, name: string, microseconds: number): void {
  const counter = registry.getSingleMetric(name) as Counter
  counter.inc(microseconds / 1e6)
}
