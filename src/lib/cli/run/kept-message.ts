import {VezaError} from '../../errors/veza-error.js'

/** The calls that keep a message current. */
export interface MessageCalls {
  /** Sends it; resolves to its id. Called again after it failed. */
  create(content: string): Promise<number>
  edit(id: number, content: string): Promise<void>
}

/** When a message is brought up to date. */
export interface KeepOptions {
  /** Before the first time: what is over by then is told once. */
  readonly firstAfterMs: number
  readonly everyMs: number
  /** Waits; ends early when the signal is aborted. Never rejects. */
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>
  /** The text as of now. */
  readonly render: () => string
}

/** One message that is sent once and then edited; one call at a time. */
export class KeptMessage {
  readonly #calls: MessageCalls
  readonly #over = new AbortController()
  #id: number | undefined
  #loop: Promise<void> = Promise.resolve()

  constructor(calls: MessageCalls) {
    this.#calls = calls
  }

  /** Keeps it current from now on, until `finish`. What fails meanwhile is tried again the next time, if that can help. */
  start(options: KeepOptions): void {
    this.#loop = this.#keep(options)
  }

  /** Gives it its last text, or another last text. @throws what sending or editing throws. */
  async finish(content: string): Promise<void> {
    this.#over.abort()
    await this.#loop
    await this.#show(content)
  }

  async #keep({firstAfterMs, everyMs, sleep, render}: KeepOptions): Promise<void> {
    const {signal} = this.#over
    await sleep(firstAfterMs, signal)
    while (!signal.aborted) {
      try {
        await this.#show(render())
      } catch (error) {
        if (!(error instanceof VezaError && error.retryable)) return
      }
      await sleep(everyMs, signal)
    }
  }

  async #show(content: string): Promise<void> {
    if (this.#id === undefined) this.#id = await this.#calls.create(content)
    else await this.#calls.edit(this.#id, content)
  }
}
