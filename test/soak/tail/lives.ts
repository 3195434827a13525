import {join} from 'node:path'
import {SHORT} from './feed-tail.js'
import type {Received} from './received.js'
import {TailProcess} from './tail-process.js'

/** How to run the command, again and again. */
export interface LivesOptions {
  readonly url: string
  readonly folder: string
  readonly rooms: readonly number[]
  readonly received: Received
}

/** The intervals of a run by the settings of the command. */
const SHORT_SETTINGS = {
  VEZA_PING_INTERVAL: `${SHORT.ping}ms`,
  VEZA_READ_TIMEOUT: `${SHORT.silence}ms`,
  VEZA_CONNECT_TIMEOUT: `${SHORT.timeout}ms`,
  VEZA_RETRY_DELAY: `${SHORT.firstDelay}ms`,
  VEZA_MAX_RETRY_DELAY: `${SHORT.maxDelay}ms`,
  VEZA_RETRIES: '100',
}

/** One tail with a cursor, killed and started again: all its lives write into the same `received`. */
export class Lives {
  readonly #options: LivesOptions
  readonly #killedAtMs: number[] = []
  /** How many messages there were when each life began. */
  readonly #begins: number[] = []
  #readyBefore = 0
  #tail: TailProcess
  #changing: Promise<void> = Promise.resolve()

  constructor(options: LivesOptions) {
    this.#options = options
    this.#tail = this.#start()
  }

  get kills(): number {
    return this.#killedAtMs.length
  }

  /** The life of now. */
  get tail(): TailProcess {
    return this.#tail
  }

  /** Whether the life of now has not said yet that it is ready. */
  get isStarting(): boolean {
    return this.#options.received.count('ready') === this.#readyBefore
  }

  /** SIGKILL, and the next life. One after the other, however often it is asked for. */
  kill(): Promise<void> {
    this.#changing = this.#changing.then(async () => {
      const {child, ended} = this.#tail
      child.kill('SIGKILL')
      this.#killedAtMs.push(performance.now())
      await ended
      this.#tail = this.#start()
    })
    return this.#changing
  }

  /** Resolves when every kill that was asked for is done. */
  settled(): Promise<void> {
    return this.#changing
  }

  /** Of the records that came again: how long before the kill they had come, in milliseconds; no kill excuses a repeat in one life. */
  repeatedAges(): number[] {
    const {messages} = this.#options.received
    const last = new Map<number, {readonly atMs: number; readonly life: number}>()
    const ages: number[] = []
    let life = 0
    for (const [index, {id, atMs}] of messages.entries()) {
      while (index >= (this.#begins[life + 1] ?? Number.POSITIVE_INFINITY)) life += 1
      const before = last.get(id)
      if (before !== undefined) ages.push(before.life === life ? Number.POSITIVE_INFINITY : this.#age(before))
      last.set(id, {atMs, life})
    }
    return ages
  }

  #age({life, atMs}: {readonly life: number; readonly atMs: number}): number {
    return Math.max(0, (this.#killedAtMs[life] ?? Number.POSITIVE_INFINITY) - atMs)
  }

  #start(): TailProcess {
    const {url, folder, rooms, received} = this.#options
    this.#begins.push(received.messages.length)
    this.#readyBefore = received.count('ready')
    return new TailProcess({
      url,
      home: folder,
      args: [...rooms.map(String), '--cursor', join(folder, 'tail.cursor')],
      env: SHORT_SETTINGS,
      received,
    })
  }
}
