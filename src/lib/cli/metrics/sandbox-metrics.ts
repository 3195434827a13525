import type {Metrics} from '../../metrics/metrics.js'

/** What the sandbox counts; its own type is a server's, which nothing here knows. */
export interface SandboxCounts {
  figures(): {
    readonly connections: number
    readonly openConnections: number
    readonly framesReceived: number
    readonly framesSent: number
    readonly messages: number
    readonly requests: readonly {readonly method: string; readonly status: string; readonly count: number}[]
  }
  readonly faults: {counts(): Readonly<Record<string, number>>}
}

/** The metrics of a sandbox, which is ready from now on. */
export function meterSandbox(sandbox: SandboxCounts, metrics: Metrics): void {
  metrics.readyWhen(() => true)
  metrics.collect(set => {
    const {connections, openConnections, framesReceived, framesSent, messages, requests} = sandbox.figures()
    set('veza_sandbox_connections_total', {}, connections)
    set('veza_sandbox_connections_active', {}, openConnections)
    set('veza_sandbox_frames_total', {direction: 'received'}, framesReceived)
    set('veza_sandbox_frames_total', {direction: 'sent'}, framesSent)
    set('veza_sandbox_messages_total', {}, messages)
    for (const {method, status, count} of requests)
      set('veza_sandbox_requests_total', {method, status}, count)
    for (const [kind, count] of Object.entries(sandbox.faults.counts()))
      set('veza_sandbox_faults_total', {kind}, count)
  })
}
