import {type ChildProcess, spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {BIN, NODE} from '../tail/tail-process.js'

/** A sign-in that a fault has struck ends it: who runs a service begins it again. */
const UNREACHABLE = 6

/** How to run a `veza bot run`. */
export interface BotLivesOptions {
  readonly url: string
  readonly home: string
  readonly commandFile: string
  /** Told when a life begins, with what ends it at once. */
  readonly onBirth: (kill: () => void) => void
}

/** The real command, begun again after each kill, and where it did not reach the server, until it is asked to end. */
export class BotLives {
  /** Messages that it has told of. */
  readonly told = new Set<number>()
  readonly #options: BotLivesOptions
  readonly #watchers = new Set<() => void>()
  readonly #over: Promise<void>
  #child: ChildProcess | undefined
  #isLive = false
  #isEnding = false
  #kills = 0
  #failure: string | undefined

  constructor(options: BotLivesOptions) {
    this.#options = options
    this.#over = this.#live()
  }

  get kills(): number {
    return this.#kills
  }

  /** Resolves once something holds; rejects when the bot has ended by itself. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (this.#failure !== undefined) reject(new Error(this.#failure))
        else if (!holds()) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }

  /** Resolves once it listens. */
  live(): Promise<void> {
    return this.until(() => this.#isLive)
  }

  /** Asks it to end; resolves when it has. */
  async end(): Promise<void> {
    this.#isEnding = true
    this.#child?.kill('SIGTERM')
    await this.#over
  }

  async #live(): Promise<void> {
    let code: number | null
    do {
      const {stderr, ended} = this.#start()
      code = await ended
      this.#isLive = false
      if (code === null) this.#kills += 1
      else if (code !== 143 && code !== UNREACHABLE)
        this.#failure = `it ended with ${code}: ${stderr.join('\n')}`
      this.#look()
    } while ((code === null || code === UNREACHABLE) && !this.#isEnding)
  }

  #start(): {readonly stderr: readonly string[]; readonly ended: Promise<number | null>} {
    const {url, home, commandFile, onBirth} = this.#options
    const account = {CHAT_SERVER_URL: url, BOT_USERNAME: 'bot', BOT_PASSWORD: 'bot-pass'}
    const pace = {
      VEZA_RATE_LIMIT: '0',
      VEZA_RETRY_DELAY: '5ms',
      VEZA_MAX_RETRY_DELAY: '200ms',
      VEZA_RETRIES: '20',
    }
    const args = ['bot', 'run', '--json', '--commands', commandFile, '--dm-cap', '1000000/1s']
    const child = spawn(NODE, [BIN, ...args], {
      env: {PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...account, ...pace},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const stderr: string[] = []
    createInterface({input: child.stdout as Readable}).on('line', line => this.#tell(line))
    createInterface({input: child.stderr as Readable}).on('line', line => {
      stderr.push(line)
      // Such as of listeners that pile up.
      if (line.startsWith('(node:')) this.#failure = line
      if (!line.startsWith('ready: ')) return
      this.#isLive = true
      this.#look()
    })
    onBirth(() => void child.kill('SIGKILL'))
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => resolve(code))
    })
    return {stderr, ended}
  }

  #tell(line: string): void {
    try {
      this.told.add(Number((JSON.parse(line) as {message_id: unknown}).message_id))
    } catch {
      // The last line of a life that was cut off.
    }
    this.#look()
  }

  #look(): void {
    for (const watcher of this.#watchers) watcher()
  }
}
