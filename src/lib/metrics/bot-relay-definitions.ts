import {type DefinitionTable, WORK_SECONDS} from './definition.js'

/** Metrics of a bot. */
export const BOT_DEFINITIONS = {
  veza_bot_answers_total: {
    kind: 'counter',
    group: 'bot',
    help: 'Messages that were owed an answer, by result: answered, repeated (an earlier run had answered it), silent (nothing to say), capped (the user asks too often), failed.',
    labels: ['result'],
    fromStart: ['answered', 'repeated', 'silent', 'capped', 'failed'],
  },
  veza_bot_pending_messages: {
    kind: 'gauge',
    group: 'bot',
    help: 'Messages that are owed an answer and have none yet.',
    labels: [],
  },
  veza_bot_answer_duration_seconds: {
    kind: 'histogram',
    group: 'bot',
    help: 'Time from a message coming to the bot to its being done with, the answer stored by the server.',
    labels: [],
    buckets: [...WORK_SECONDS, 300],
  },
} as const satisfies DefinitionTable

/** Metrics of a member of a group that shares its work over Redis: relays, and bots with --redis. */
export const RELAY_DEFINITIONS = {
  veza_relay_messages_total: {
    kind: 'counter',
    group: 'relay',
    help: 'Messages relayed: in, written to the stream; out, sent to a room and acknowledged.',
    labels: ['direction'],
    fromStart: ['in', 'out'],
  },
  veza_relay_rooms: {
    kind: 'gauge',
    group: 'relay',
    help: 'Leases that this member holds: rooms and conversations, or the streams it reads.',
    labels: [],
  },
  veza_relay_members: {
    kind: 'gauge',
    group: 'relay',
    help: 'Members of the group that live, this one too, as it last heard from Redis.',
    labels: [],
  },
  veza_relay_takeovers_total: {
    kind: 'counter',
    group: 'relay',
    help: 'Leases that were taken over from a member that had died or had been too slow.',
    labels: [],
  },
  veza_relay_fenced_total: {
    kind: 'counter',
    group: 'relay',
    help: 'Writes that Redis refused because another member had the lease by then; nothing was written.',
    labels: [],
  },
  veza_relay_pending_messages: {
    kind: 'gauge',
    group: 'relay',
    help: 'Messages that wait to be relayed: taken from rooms and not in the stream yet, or in a stream that it reads and not acknowledged.',
    labels: [],
  },
  veza_relay_dead_letters_total: {
    kind: 'counter',
    group: 'relay',
    help: 'Entries that cannot be sent and went to the dead-letter stream.',
    labels: [],
  },
  veza_redis_connected: {
    kind: 'gauge',
    group: 'relay',
    help: '1 while Redis is connected, else 0.',
    labels: [],
  },
  veza_redis_errors_total: {
    kind: 'counter',
    group: 'relay',
    help: 'Commands that Redis did not carry out, by type: away (not reached, or starting), full (maxmemory), other.',
    labels: ['type'],
    fromStart: ['away', 'full', 'other'],
  },
} as const satisfies DefinitionTable
