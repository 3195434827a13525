import type {DefinitionTable} from './definition.js'

/** Metrics of the sandbox. */
export const SANDBOX_DEFINITIONS = {
  veza_sandbox_connections_total: {
    kind: 'counter',
    group: 'sandbox',
    help: 'WebSockets that were opened.',
    labels: [],
  },
  veza_sandbox_connections_active: {
    kind: 'gauge',
    group: 'sandbox',
    help: 'WebSockets that are open.',
    labels: [],
  },
  veza_sandbox_frames_total: {
    kind: 'counter',
    group: 'sandbox',
    help: 'WebSocket frames by direction: received from clients, sent to them.',
    labels: ['direction'],
  },
  veza_sandbox_requests_total: {
    kind: 'counter',
    group: 'sandbox',
    help: 'HTTP requests that were answered, by method and status.',
    labels: ['method', 'status'],
  },
  veza_sandbox_messages_total: {
    kind: 'counter',
    group: 'sandbox',
    help: 'Messages stored since the start, in rooms and in conversations.',
    labels: [],
  },
  veza_sandbox_faults_total: {
    kind: 'counter',
    group: 'sandbox',
    help: 'Faults that struck, by kind.',
    labels: ['kind'],
  },
} as const satisfies DefinitionTable
