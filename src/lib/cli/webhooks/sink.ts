import {setTimeout as sleep} from 'node:timers/promises'
import {inheritedVariables} from '../../config/environment.js'
import type {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {type WebhookRecord, webhookRecordView} from '../../output/views/webhook-delivery.js'
import type {Context} from '../context.js'
import {type HookItem, HookRunner} from '../hooks/hook-runner.js'
import {prefixedVariables} from '../hooks/variables.js'
import {ClosedPipe} from '../lifetime.js'
import type {ListenRequest} from './listen-flags.js'

const PREFIX = 'VEZA_WEBHOOK_'

/** Where deliveries go, one after the other. */
export interface Sink {
  /** Resolves once it has the record: it is printed, or its command has begun. */
  take(record: WebhookRecord): Promise<void>
  /** Resolves when nothing is under way any more. Throws what kept a record from being delivered. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** What a sink is made of. */
export interface SinkParts {
  readonly context: Context
  readonly io: Io
  readonly request: ListenRequest
  /** Told at once what ends it all. */
  readonly onFailure: (error: VezaError) => void
}

/** The sink that the flags ask for: stdout, or a command. */
export async function openSink(parts: SinkParts): Promise<Sink> {
  return parts.request.exec === undefined ? printSink(parts) : hookSink(parts, parts.request.exec)
}

function printSink({context, io}: SinkParts): Sink {
  const {out, signal} = context
  out.check(webhookRecordView)
  return {
    take: async record => {
      await out.record(record, webhookRecordView)
      await io.flush()
      if (signal.reason instanceof ClosedPipe) throw signal.reason
    },
    idle: async () => undefined,
    close: async () => undefined,
  }
}

async function hookSink({context, request, onFailure}: SinkParts, command: string): Promise<Sink> {
  const inherited = inheritedVariables()
  let failure: VezaError | undefined
  const hooks = await HookRunner.open<HookItem<WebhookRecord>>({
    command,
    variables: record => variablesOf(record, inherited),
    titleOf: ({event}) => `the delivery of ${event}`,
    maxParallel: request['max-parallel'],
    timeoutMs: request['hook-timeout'],
    retries: request['hook-retries'],
    deadLetter: request['dead-letter'],
    effects: {
      now: () => new Date(),
      random: Math.random,
      sleep: (delayMs, signal) => sleep(delayMs, undefined, {signal}),
    },
    signal: context.signal,
    onProblem: text => context.out.warn(text),
    done: () => undefined,
    onFailure: error => {
      failure = error
      onFailure(error)
    },
  })
  let room: Promise<void> | undefined
  return {
    take: async record => {
      await room
      // What was waited for may have been the end.
      if (failure !== undefined || context.signal.aborted) throw failure ?? context.signal.reason
      room = hooks.take({record})
      // Whoever waits for it next hears of a failure, and so does `idle`.
      room?.catch(() => undefined)
    },
    idle: () => hooks.idle(),
    close: () => hooks.close(),
  }
}

/** The secret that this process may have got in a variable is not the command's business. */
function variablesOf(
  {event, data, received_at}: WebhookRecord,
  inherited: ReturnType<typeof inheritedVariables>,
): Record<string, string> {
  const fields = typeof data === 'object' && data !== null ? data : {}
  const roomId = 'room_id' in fields && typeof fields.room_id === 'number' ? fields.room_id : undefined
  return prefixedVariables(PREFIX, {EVENT: event, RECEIVED_AT: received_at, ROOM_ID: roomId}, inherited)
}
