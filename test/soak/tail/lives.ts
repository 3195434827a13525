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

/** How a tail ends that could not sign in, as when a connection broke under its password: that is not sent twice. */
const UNREACHABLE = 6

/**
 * One tail with a cursor, killed and started again: all its lives write into the same `received`. One that did not get as
 * far as to be signed in is started again, too, as whoever runs it as a service does.
 */
export class Lives {
  readonly #options: LivesOptions
  readonly #endedAtMs: number[] = []
  /** How many messages there were when each life began. */
  readonly #begins: number[] = []
  #kills = 0
  #readyBefore = 0
  #tail: TailProcess
  #changing: Promise<void> = Promise.resolve()

  constructor(options: LivesOptions) {
    this.#options = options
    this.#tail = this.#start()
  }

  get kills(): number {
    return this.#kills
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
      const tail = this.#tail
      tail.child.kill('SIGKILL')
      this.#kills += 1
      const killedAtMs = performance.now()
      await tail.ended
      if (this.#tail === tail) this.#next(killedAtMs)
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
    return Math.max(0, (this.#endedAtMs[life] ?? Number.POSITIVE_INFINITY) - atMs)
  }

  #next(endedAtMs: number): void {
    this.#endedAtMs.push(endedAtMs)
    this.#tail = this.#start()
  }

  #start(): TailProcess {
    const {url, folder, rooms, received} = this.#options
    this.#begins.push(received.messages.length)
    this.#readyBefore = received.count('ready')
    const tail = new TailProcess({
      url,
      home: folder,
      args: [...rooms.map(String), '--cursor', join(folder, 'tail.cursor')],
      env: SHORT_SETTINGS,
      received,
    })
    void tail.ended.then(code => {
      if (code === UNREACHABLE && this.isStarting) this.#next(performance.now())
    })
    return tail
  }
}
