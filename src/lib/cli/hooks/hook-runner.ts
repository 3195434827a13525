import {setMaxListeners} from 'node:events'
import {VezaError} from '../../errors/veza-error.js'
import {counted} from '../ending.js'
import {type AttemptsOutcome, runAttempts} from './attempts.js'
import {DeadLetters} from './dead-letters.js'
import type {Sleep} from './limits.js'
import type {ProcessGroup} from './process-group.js'
import {type HookOutcome, type HookOutput, type HookRun, runHook} from './run-hook.js'

/** What a hook is run for: the record it gets, and whatever else the caller wants to know of it at its end. */
export interface HookItem<R = unknown> {
  readonly record: R
}

/** Clock, chance and waiting, so that tests hold all three. */
export interface HookEffects {
  now(): Date
  /** At least 0, less than 1. */
  random(): number
  readonly sleep: Sleep
}

/** How runs of a hook end; `stopped`: because it had to. */
export const HOOK_RESULTS = ['ok', 'failed', 'timeout', 'stopped'] as const

/** How one run of a hook ended. */
export type HookResult = (typeof HOOK_RESULTS)[number]

/** How hooks are run, and what is done about those that fail. */
export interface HookRunnerOptions<Item extends HookItem> {
  /** For the shell. Text of a record never becomes part of it. */
  readonly command: string
  /** All variables of the hook of a record. */
  readonly variables: (record: Item['record']) => Readonly<Record<string, string>>
  /** What to call a record when telling of it, such as `message 12`. */
  readonly titleOf: (record: Item['record']) => string
  /** So many hooks at once. With 1, the default, in the order of the records. */
  readonly maxParallel?: number | undefined
  /** Of one try. Default 60,000. */
  readonly timeoutMs?: number | undefined
  /** Tries after the first. Default 2. */
  readonly retries?: number | undefined
  /** The file for records whose hook keeps failing. Without one such a record ends the run. */
  readonly deadLetter?: string | undefined
  /** Where the hooks' output goes. Default: where ours goes. */
  readonly output?: {readonly stdout: HookOutput; readonly stderr: HookOutput}
  readonly effects: HookEffects
  /** Aborted: no try begins any more, and what runs has 3 s left. What ends well until then is done. */
  readonly signal: AbortSignal
  /** Told of each failed try that does not end the run. Safe to show once sanitised. */
  readonly onProblem: (text: string) => void
  /** Told of each record whose hook ended well, or that the dead-letter file has. */
  readonly done: (item: Item) => void
  /** Told of the end of each try. */
  readonly onRun?: ((result: HookResult, durationMs: number) => void) | undefined
  /** Told of each message that has gone to the dead-letter file. */
  readonly onDeadLetter?: (() => void) | undefined
  /** Told at once what ends the run; `take` and `idle` reject with it too. */
  readonly onFailure?: (error: VezaError) => void
}

const DEFAULT_TIMEOUT_MS = 60_000
const DEFAULT_RETRIES = 2

/** Runs a command for each record, so many at once, each until it ends well or has had its tries. */
export class HookRunner<Item extends HookItem> {
  readonly #options: HookRunnerOptions<Item>
  readonly #deadLetters: DeadLetters | undefined
  readonly #working = new Set<Promise<void>>()
  readonly #processes = new Set<ProcessGroup>()
  readonly #closing = new AbortController()
  readonly #failing = new AbortController()
  /** Aborted: what runs is ended. */
  readonly #stop: AbortSignal
  /** Aborted: nothing new begins. */
  readonly #halt: AbortSignal
  #failure: VezaError | undefined
  /** A second Ctrl-C ends the process at once: then nothing of ours shall go on. */
  readonly #onExit = (): void => {
    for (const group of this.#processes) group.signal('SIGTERM')
  }

  private constructor(options: HookRunnerOptions<Item>, deadLetters: DeadLetters | undefined) {
    this.#options = options
    this.#deadLetters = deadLetters
    this.#stop = AbortSignal.any([options.signal, this.#closing.signal])
    this.#halt = AbortSignal.any([this.#stop, this.#failing.signal])
    // Each of many hooks listens; Node takes more than ten listeners for a leak.
    setMaxListeners(0, this.#stop, this.#halt)
    process.on('exit', this.#onExit)
  }

  /** @throws {VezaError} `usage` where the dead-letter file cannot be written. */
  static async open<Item extends HookItem>(options: HookRunnerOptions<Item>): Promise<HookRunner<Item>> {
    const {deadLetter} = options
    return new HookRunner(options, deadLetter === undefined ? undefined : await DeadLetters.open(deadLetter))
  }

  /**
   * Begins with a record. Undefined while it could begin with another one too, else a promise to await before the next:
   * it resolves when it can. It rejects with the error that ended the run, or the reason of the signal.
   */
  take(item: Item): Promise<void> | undefined {
    if (this.#halt.aborted) return Promise.reject(this.#failure ?? this.#halt.reason)
    const work: Promise<void> = this.#work(item).finally(() => this.#working.delete(work))
    this.#working.add(work)
    return this.#working.size < (this.#options.maxParallel ?? 1) ? undefined : this.#room()
  }

  /**
   * Resolves when nothing is under way any more. After an abort of the signal a record may then be neither done nor in
   * the dead-letter file. Rejects with the error that ended the run, once what ran beside it has ended.
   */
  async idle(): Promise<void> {
    await Promise.all(this.#working)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Begins nothing more, ends what runs as after an abort of the signal, and closes the dead-letter file. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all(this.#working)
    process.off('exit', this.#onExit)
    await this.#deadLetters?.close()
  }

  async #room(): Promise<void> {
    await Promise.race(this.#working)
    if (this.#failure !== undefined) throw this.#failure
  }

  /** Never rejects. */
  async #work(item: Item): Promise<void> {
    try {
      const outcome = await this.#attempts(item.record)
      if (outcome.type === 'stopped') return
      if (outcome.type === 'failed') await this.#giveUp(item.record, outcome)
      this.#options.done(item)
    } catch (error) {
      this.#fail(
        error instanceof VezaError ? error : new VezaError('bug', 'a hook could not be run', {cause: error}),
      )
    }
  }

  #attempts(record: Item['record']): Promise<AttemptsOutcome> {
    const {
      command,
      effects,
      onProblem,
      output,
      retries = DEFAULT_RETRIES,
      timeoutMs,
      titleOf,
      variables,
    } = this.#options
    const run = {
      command,
      variables: variables(record),
      input: `${JSON.stringify(record)}\n`,
      output: output ?? {stdout: 'inherit', stderr: 'inherit'},
      timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
      signal: this.#stop,
      sleep: effects.sleep,
      running: this.#processes,
    } as const
    return runAttempts(() => this.#once(run), {
      retries,
      signal: this.#halt,
      sleep: effects.sleep,
      random: effects.random,
      onRetry: ({reason, next, delayMs}) => {
        const when = `try ${next} of ${retries + 1} in ${(delayMs / 1000).toFixed(1)} s`
        onProblem(`hook failed for ${titleOf(record)}: ${reason}; ${when}`)
      },
    })
  }

  async #once(run: HookRun): Promise<HookOutcome> {
    const {effects, onRun} = this.#options
    const startedMs = effects.now().getTime()
    const outcome = await runHook(run)
    onRun?.(resultOf(outcome), effects.now().getTime() - startedMs)
    return outcome
  }

  async #giveUp(
    record: Item['record'],
    failed: {readonly reason: string; readonly attempts: number},
  ): Promise<void> {
    const {reason, attempts} = failed
    const problem = `hook failed for ${this.#options.titleOf(record)}: ${reason} (tried ${counted(attempts, 'time')})`
    if (this.#deadLetters === undefined) {
      throw new VezaError('failed', problem, {hint: 'with --dead-letter FILE such records are put aside'})
    }
    const at = this.#options.effects.now().toISOString()
    await this.#deadLetters.append({record, error: reason, attempts, at})
    this.#options.onDeadLetter?.()
    this.#options.onProblem(`${problem}; kept in ${this.#deadLetters.path}`)
  }

  #fail(error: VezaError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#failing.abort(error)
    this.#options.onFailure?.(error)
  }
}

function resultOf(outcome: HookOutcome): HookResult {
  if (outcome.type === 'done') return 'ok'
  if (outcome.type === 'stopped') return 'stopped'
  return outcome.isLate === true ? 'timeout' : 'failed'
}
