import {setTimeout as sleep} from 'node:timers/promises'
import type {Message} from '../../../contract/resources.js'
import {inheritedVariables} from '../../config/environment.js'
import type {VezaError} from '../../errors/veza-error.js'
import type {Metrics} from '../../metrics/metrics.js'
import type {Io} from '../../output/io.js'
import {messageView} from '../../output/views/message.js'
import type {View} from '../../output/views/view.js'
import type {Context} from '../context.js'
import type {OpenCursor} from '../cursor-flags.js'
import {HOOK_RESULTS, HookRunner} from '../hooks/hook-runner.js'
import {hookVariables} from '../hooks/variables.js'
import {ClosedPipe} from '../lifetime.js'
import type {Followed} from './channels.js'
import type {Delivery} from './delivery.js'
import {HookDelivery, type TailHookItem} from './hook-delivery.js'
import {transcriptView} from './message-view.js'
import type {Plan, TailRequest} from './plan.js'
import {PrintDelivery} from './print-delivery.js'
import type {FindAccount} from './wishes.js'

/** What a delivery is made of. */
export interface DeliveryParts {
  readonly context: Context
  readonly io: Io
  readonly request: TailRequest
  readonly plan: Plan
  readonly metrics: Metrics
  readonly followed: Followed
  readonly keeper: OpenCursor | undefined
  readonly me: FindAccount
  /** Told at once what ends the tail. */
  readonly onFailure: (error: VezaError) => void
}

/** A delivery, and how to be rid of what it has opened. */
export interface OpenDelivery {
  readonly delivery: Delivery
  close(): Promise<void>
}

/** The delivery that the flags ask for: to stdout, or to a command. */
export async function openDelivery(parts: DeliveryParts): Promise<OpenDelivery> {
  return parts.request.exec === undefined ? toStdout(parts) : toHooks(parts, parts.request.exec)
}

async function toStdout(parts: DeliveryParts): Promise<OpenDelivery> {
  const {context, io, keeper} = parts
  const {out, signal} = context
  const view = await viewOf(parts)
  const flush = async (): Promise<void> => {
    await io.flush()
    if (signal.reason instanceof ClosedPipe) throw signal.reason
  }
  const delivery = new PrintDelivery({print: message => out.record(message, view), flush, keeper})
  return {delivery, close: async () => undefined}
}

async function viewOf({context, io, followed, me, plan}: DeliveryParts): Promise<View<Message>> {
  if (context.out.format !== 'text') return messageView
  const isTTY = io.stdout.isTTY === true
  // Only to set off one's own name: where that cannot be found out, it is not.
  const account = isTTY ? await me().catch(() => undefined) : undefined
  return transcriptView(followed, {isTTY, highlight: plan.highlight, me: account?.username})
}

async function toHooks(parts: DeliveryParts, command: string): Promise<OpenDelivery> {
  const {context, followed, keeper, metrics, onFailure, request} = parts
  for (const result of HOOK_RESULTS) metrics.add('veza_hook_runs_total', {result}, 0)
  const inherited = inheritedVariables()
  const hooks = await HookRunner.open<TailHookItem>({
    command,
    variables: record => hookVariables(record, inherited),
    titleOf: ({id}) => `message ${id}`,
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
    done: ({channel, record}) => {
      keeper?.cursor.done(channel, record.id)
      keeper?.changed()
    },
    onRun: (result, durationMs) => {
      metrics.add('veza_hook_runs_total', {result})
      metrics.observe('chat_client_message_duration_seconds', {operation: 'hook'}, durationMs / 1000)
    },
    onDeadLetter: () => metrics.add('veza_hook_dead_letters_total', {}),
    onFailure,
  })
  const {nameOf} = followed
  return {delivery: new HookDelivery({hooks, keeper, nameOf}), close: () => hooks.close()}
}
