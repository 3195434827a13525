import {basename} from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'
import {secretsInFiles} from '../../config/environment.js'
import {VezaError} from '../../errors/veza-error.js'
import type {Io} from '../../output/io.js'
import {sanitizeLine} from '../../output/sanitize.js'
import type {Reference} from '../args.js'
import type {Context} from '../context.js'
import {type Child, startChild} from './child.js'
import type {ATTACH_WORDS} from './flags.js'
import {KeptMessage} from './kept-message.js'
import {logUpload} from './log-upload.js'
import {maskedCommandLine} from './mask/command-line.js'
import {Masker} from './mask/masker.js'
import {Output} from './output.js'
import {type RoomCalls, roomCalls} from './room-calls.js'
import {forwardSignals, nextEndSignal, type SignalSource} from './signals.js'
import {endText, type RunEnd, runningText} from './status-text.js'
import {within} from './within.js'

/** What is over by then is told once, at its end. */
const FIRST_AFTER_MS = 300
/** A server that is down or slow holds up the end by so long at most; */
const TELL_MS = 10_000
/** one that has taken the message may take so long for the log. */
const ATTACH_MS = 30_000
/** When `--timeout` runs out, the command has so long to obey. */
const KILL_AFTER_MS = 2000

/** A command to run, and how a room is told of it. */
export interface RunPlan {
  readonly command: readonly string[]
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly room: Reference
  /** The room as the user named it. */
  readonly roomName: string
  readonly title: string | undefined
  readonly everyMs: number
  readonly lines: number
  readonly attachLog: (typeof ATTACH_WORDS)[number]
  readonly patterns: readonly RegExp[]
}

/** Where a command runs. */
export interface RunPlace {
  readonly context: Context
  readonly io: Io
  readonly signals: SignalSource
}

/** A run and what is told of it. */
interface Telling {
  readonly plan: RunPlan
  readonly place: RunPlace
  readonly output: Output
  readonly masker: Masker
  readonly message: KeptMessage
  readonly calls: RoomCalls
  /** How the command stands now. */
  state(): {readonly subject: string; readonly elapsedMs: number; readonly lines: readonly string[]}
}

/**
 * Runs a command with its output passed through and keeps one message of a room current meanwhile. The command is
 * started before anything else and waits for nothing but the readers of its output. Resolves to how it ended, whatever
 * became of the message: that is a warning.
 */
export async function runCommand(plan: RunPlan, place: RunPlace): Promise<RunEnd> {
  const {context, io, signals} = place
  const child = startChild(plan.command, plan.variables)
  const atTerminal = [io.stdin, io.stdout, io.stderr].some(stream => stream.isTTY === true)
  const stopForwarding = forwardSignals(signals, signal => child.kill(signal), atTerminal)
  const {maxUploadBytes} = context.settings
  const output = new Output(child, io, plan.attachLog === 'never' ? undefined : {maxBytes: maxUploadBytes})
  const telling = begin(plan, place, output)
  const end = await endOf(child, context.signal)
  await output.drained()
  stopForwarding()
  if (end.type === 'unstarted') context.out.warn(`${plan.command[0]}: ${end.reason}`)
  // Whoever wants the end now does not wait for the server.
  await Promise.race([tell(end, telling), nextEndSignal(signals)])
  output.close()
  return end
}

function begin(plan: RunPlan, place: RunPlace, output: Output): Telling {
  const masker = new Masker({
    variables: {...plan.variables, ...secretsInFiles(place.context.environment)},
    patterns: plan.patterns,
  })
  const calls = roomCalls(place.context, plan.room)
  const subject = sanitizeLine(
    plan.title === undefined ? maskedCommandLine(plan.command, masker) : masker.mask(plan.title),
  )
  const startedMs = performance.now()
  const state = () => ({
    subject,
    elapsedMs: performance.now() - startedMs,
    lines: output.last.lines(plan.lines, masker),
  })
  const message = new KeptMessage(calls)
  message.start({
    firstAfterMs: FIRST_AFTER_MS,
    everyMs: plan.everyMs,
    sleep: (delayMs, signal) => sleep(delayMs, undefined, {signal}).catch(() => undefined),
    render: () => runningText(state()),
  })
  return {plan, place, output, masker, message, calls, state}
}

/** The end of the command, or of its time: then it is ended, at once if it does not obey. */
async function endOf(child: Child, timeLimit: AbortSignal): Promise<RunEnd> {
  const timedOut = new Promise<'timeout'>(resolve => {
    timeLimit.addEventListener('abort', () => resolve('timeout'), {once: true})
  })
  const first = await Promise.race([child.ended, timedOut])
  if (first !== 'timeout') return first
  child.kill('SIGTERM')
  const killed = new AbortController()
  const late = sleep(KILL_AFTER_MS, undefined, {signal: killed.signal}).then(
    () => child.kill('SIGKILL'),
    () => undefined,
  )
  await child.ended
  killed.abort()
  await late
  return {type: 'timeout'}
}

async function tell(end: RunEnd, telling: Telling): Promise<void> {
  const {plan, place, message} = telling
  const {out} = place.context
  const state = telling.state()
  try {
    await within(TELL_MS, message.finish(endText(end, state)))
  } catch (error) {
    return out.warn(`could not tell ${plan.roomName}: ${reasonOf(error)}`)
  }
  const isWanted = plan.attachLog === 'always' || !(end.type === 'exit' && end.code === 0)
  if (!isWanted || telling.output.log === undefined || telling.output.log.isEmpty) return
  try {
    const log = await within(ATTACH_MS, attach(telling))
    await within(TELL_MS, message.finish(endText(end, state, log)))
  } catch (error) {
    out.warn(`could not attach the log: ${reasonOf(error)}`)
  }
}

async function attach({plan, output, masker, calls}: Telling) {
  const name = `${basename(plan.command[0] ?? '').replace(/[^\w.-]+/g, '_') || 'command'}.log`
  if (output.log === undefined) throw new Error('there is no log')
  const {url} = await calls.upload(logUpload(output.log, masker, name))
  return {name, url: url ?? ''}
}

function reasonOf(error: unknown): string {
  return error instanceof VezaError ? error.message : String(error)
}
