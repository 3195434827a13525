import {sanitizeLine} from '../../output/sanitize.js'

/** Says what the service does as long as nothing is in its way. */
const STANDING: ReadonlySet<string> = new Set(['ready', 'share'])
/** Something is in its way, */
const HINDERED: ReadonlySet<string> = new Set(['disconnected', 'reconnecting', 'redis_full', 'ended'])
/** or no more. All other events are for the log alone. */
const CLEARED: ReadonlySet<string> = new Set(['reconnected', 'redis_takes'])
/** The end of the process waits so long for the service manager to have heard all. */
const LAST_WORD_MS = 1000

/** What the reports of a service are made of. */
export interface ServiceReportsOptions {
  /** Tells the service manager, in the words of sd_notify(3), such as `READY=1`. Rejects where that fails. */
  readonly send: (assignments: readonly string[]) => Promise<void>
  /** Settles once this process has got a piece of work done. One that never does so is a hang, like a timer that never fires. */
  readonly prove: () => Promise<unknown>
  /** Time between two signs of life; undefined: nobody waits for them. */
  readonly beatMs: number | undefined
  /** Calls once after `delayMs`; what it returns cancels the call. */
  readonly setTimer: (callback: () => void, delayMs: number) => () => void
  /** Told once, when the service manager cannot be told. */
  readonly onProblem: (error: unknown) => void
}

type Stage = 'starting' | 'running' | 'stopping'

/**
 * Tells a service manager such as systemd how a long-running command stands: READY=1 at `ready: ...`, STATUS=... as it
 * changes, STOPPING=1 when the end begins, WATCHDOG=1 at each beat in between.
 *
 * A sign of life means that the event loop turns and that file work gets done. It does not mean that there is a connection:
 * a server that is away is no fault that a new start mends, and a connection that hangs is ended by the limits of its own
 * (docs/realtime.md). Whether all channels are live is what `/readyz` is for.
 */
export class ServiceReports {
  readonly #options: ServiceReportsOptions
  /** What is still to be said, the newest value of each name. */
  readonly #unsaid = new Map<string, string>()
  #stage: Stage = 'starting'
  #standing = ''
  #sending: Promise<void> | undefined
  #stopBeat: () => void = () => undefined
  #hasFailed = false

  constructor(options: ServiceReportsOptions) {
    this.#options = options
  }

  /** What the command tells on stderr: the event and the text. */
  told(event: string, text: string): void {
    if (STANDING.has(event)) this.#standing = text
    if (event === 'ready') this.#ready()
    if (event === 'ended') this.stopping()
    if (HINDERED.has(event)) this.#say('STATUS', sanitizeLine(text))
    else if (STANDING.has(event) || CLEARED.has(event)) this.#say('STATUS', sanitizeLine(this.#standing))
  }

  /** The end begins. Of a command that never was ready nothing is said. */
  stopping(): void {
    if (this.#stage !== 'running') return
    this.#stage = 'stopping'
    this.#stopBeat()
    this.#say('STOPPING', '1')
  }

  /** Resolves when all is said, after a second at the latest. Never rejects. */
  async close(): Promise<void> {
    this.#stopBeat()
    if (this.#sending === undefined) return
    let cancel = (): void => undefined
    const enough = new Promise<void>(resolve => {
      cancel = this.#options.setTimer(resolve, LAST_WORD_MS)
    })
    await Promise.race([this.#sending, enough])
    cancel()
  }

  #ready(): void {
    if (this.#stage !== 'starting') return
    this.#stage = 'running'
    this.#say('READY', '1')
    this.#nextBeat()
  }

  #nextBeat(): void {
    const {beatMs, setTimer} = this.#options
    if (beatMs !== undefined) this.#stopBeat = setTimer(() => void this.#beat(), beatMs)
  }

  async #beat(): Promise<void> {
    // Work that fails is done as well.
    await this.#options.prove().catch(() => undefined)
    if (this.#stage !== 'running') return
    this.#say('WATCHDOG', '1')
    this.#nextBeat()
  }

  /** One message is under way at a time; what is said meanwhile goes with the next one. */
  #say(name: string, value: string): void {
    this.#unsaid.set(name, value)
    this.#sending ??= this.#sendAll()
  }

  async #sendAll(): Promise<void> {
    // What is said in the same turn goes together.
    await Promise.resolve()
    while (this.#unsaid.size > 0) {
      const said = [...this.#unsaid]
      this.#unsaid.clear()
      try {
        await this.#options.send(said.map(([name, value]) => `${name}=${value}`))
      } catch (error) {
        this.#failed(error)
        // READY=1 must arrive: the next beat takes it along.
        if (this.#stage === 'running') for (const [name, value] of said) this.#keep(name, value)
        break
      }
    }
    this.#sending = undefined
  }

  #keep(name: string, value: string): void {
    if (!this.#unsaid.has(name)) this.#unsaid.set(name, value)
  }

  #failed(error: unknown): void {
    if (!this.#hasFailed) this.#options.onProblem(error)
    this.#hasFailed = true
  }
}
