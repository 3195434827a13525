import {type DefinitionTable, WORK_SECONDS} from './definition.js'

/** From a loopback to an outage of hours. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200]

/** Metrics of a client: the six of section 6 of the contract by the names and labels there, then ours. */
export const CLIENT_DEFINITIONS = {
  chat_client_connections_total: {
    kind: 'counter',
    group: 'client',
    help: 'Attempts to open a connection to the chat server, those that failed too.',
    labels: [],
  },
  chat_client_connections_active: {
    kind: 'gauge',
    group: 'client',
    help: 'Connections to the chat server that are open.',
    labels: [],
  },
  chat_client_messages_total: {
    kind: 'counter',
    group: 'client',
    help: 'Messages and other events, by direction (received, sent) and by the type of their frame; a type that the contract does not name is other.',
    labels: ['direction', 'type'],
  },
  chat_client_message_duration_seconds: {
    kind: 'histogram',
    group: 'client',
    help: 'How long an operation took: connect, history (one page), deliver (one batch given on), hook (one run), send.',
    labels: ['operation'],
    buckets: WORK_SECONDS,
  },
  chat_client_errors_total: {
    kind: 'counter',
    group: 'client',
    help: 'Errors by type: a code of the catalogue, malformed_frame, or server_reported for an error frame.',
    labels: ['type'],
    fromStart: ['unreachable', 'signed_out'],
  },
  chat_client_reconnections_total: {
    kind: 'counter',
    group: 'client',
    help: 'Times the channels were live again after the connection had broken.',
    labels: [],
  },
  veza_feed_lag_seconds: {
    kind: 'histogram',
    group: 'client',
    help: 'Time from a message being created to its being given out, of the first message of each batch once live.',
    labels: [],
    buckets: LAG_SECONDS,
  },
  veza_feed_gap_filled_total: {
    kind: 'counter',
    group: 'client',
    help: 'Messages fetched from history because the connection was down when they were sent.',
    labels: [],
  },
  veza_feed_late_total: {
    kind: 'counter',
    group: 'client',
    help: 'Messages that the server stored and never broadcast, found in history.',
    labels: [],
  },
  veza_feed_duplicates_total: {
    kind: 'counter',
    group: 'client',
    help: 'Broadcasts of messages that had come already, by a broadcast or from history; each was given out once.',
    labels: [],
  },
  veza_feed_dropped_total: {
    kind: 'counter',
    group: 'client',
    help: 'Messages dropped because the reader was too slow (--on-lag drop).',
    labels: [],
  },
  veza_feed_queue_messages: {
    kind: 'gauge',
    group: 'client',
    help: 'Messages received that wait for the reader, or for history before them.',
    labels: [],
  },
  veza_feed_down_seconds_total: {
    kind: 'counter',
    group: 'client',
    help: 'Time without live channels, from the end of a connection to the closing of the last gap; counted when they are live again.',
    labels: [],
  },
  veza_last_connect_timestamp_seconds: {
    kind: 'gauge',
    group: 'client',
    help: 'When a connection was opened last, in seconds since 1970; 0 before the first.',
    labels: [],
  },
  veza_last_event_timestamp_seconds: {
    kind: 'gauge',
    group: 'client',
    help: 'When anything came out of the feed last, in seconds since 1970; 0 before the first.',
    labels: [],
  },
  veza_hook_runs_total: {
    kind: 'counter',
    group: 'client',
    help: 'Runs of the command of --exec by result: ok, failed, timeout, or stopped by the end of the process.',
    labels: ['result'],
  },
  veza_hook_dead_letters_total: {
    kind: 'counter',
    group: 'client',
    help: 'Messages whose command kept failing and that went to the dead-letter file.',
    labels: [],
  },
  veza_token_refreshes_total: {
    kind: 'counter',
    group: 'client',
    help: 'Times the access token was renewed.',
    labels: [],
  },
} as const satisfies DefinitionTable
