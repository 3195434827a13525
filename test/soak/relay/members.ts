import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {BIN, NODE} from '../tail/tail-process.js'

/** How to run a `veza relay rooms`. */
export interface MemberOptions {
  readonly url: string
  readonly redisUrl: string
  readonly key: string
  readonly home: string
  /** Behind the command's own. */
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

const ASKED_TO_END = [0, 143]
const KEPT_LINES = 40

/** One process of a group of relays. */
export class Member {
  readonly child: ChildProcess
  /** Resolves when it says that it relays; rejects when it ends before. */
  readonly ready: Promise<void>
  /** The name under which Redis has it, once that is known. */
  name: string | undefined
  isFrozen = false
  readonly #ended: Promise<void>
  readonly #said: string[] = []
  #isToEnd = false
  #fault: string | undefined

  constructor({url, redisUrl, key, home, args = [], env = {}}: MemberOptions) {
    const account = {VEZA_SERVER: url, VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    this.child = spawn(NODE, [BIN, 'relay', 'rooms', '--stream', key, ...args], {
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: home,
        LANG: 'C.UTF-8',
        VEZA_REDIS_URL: redisUrl,
        ...account,
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const lines = createInterface({input: this.child.stderr as Readable})
    this.ready = new Promise((resolve, reject) => {
      lines.on('line', line => {
        this.#hear(line)
        if (line.startsWith('ready: ')) resolve()
      })
      this.child.on('close', () => reject(new Error(`a relay ended before it was ready: ${this.said}`)))
    })
    this.ready.catch(() => undefined)
    this.#ended = once(this.child, 'close').then(([code, signal]) => {
      if (!this.#isToEnd) this.#fault ??= `a relay ended by itself with ${code ?? signal}: ${this.said}`
      else if (code !== null && !ASKED_TO_END.includes(Number(code)))
        this.#fault ??= `a relay that was asked to end did so with ${code}: ${this.said}`
    })
  }

  /** Whether it lives and is not frozen. */
  get isRunning(): boolean {
    return !this.isFrozen && this.child.exitCode === null && this.child.signalCode === null
  }

  /** What it should not have done. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** Its last lines on stderr. */
  get said(): string {
    return this.#said.join('\n')
  }

  freeze(): void {
    this.isFrozen = true
    this.child.kill('SIGSTOP')
  }

  thaw(): void {
    this.child.kill('SIGCONT')
    this.isFrozen = false
  }

  /** Resolves when it is gone. */
  async kill(): Promise<void> {
    this.#isToEnd = true
    this.child.kill('SIGKILL')
    await this.#ended
  }

  /** Asks it to end; resolves when it has. */
  async end(): Promise<void> {
    this.#isToEnd = true
    this.thaw()
    this.child.kill('SIGTERM')
    await this.#ended
  }

  #hear(line: string): void {
    this.#said.push(line)
    if (this.#said.length > KEPT_LINES) this.#said.shift()
    // Such as of listeners that pile up.
    if (line.startsWith('(node:')) this.#fault ??= line
  }
}
