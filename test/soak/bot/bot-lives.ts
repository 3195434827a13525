import {type ChildProcess, spawn} from 'node:child_process'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {BIN, NODE} from '../tail/tail-process.js'
import type {Watch} from './watch.js'

/** A sign-in that a fault has struck ends it: who runs a service begins it again. */
const UNREACHABLE = 6

/** How to run a `veza bot run`. */
export interface BotLivesOptions {
  readonly url: string
  readonly home: string
  readonly commandFile: string
  /** Where it shares its work with others; undefined: it is alone. */
  readonly redisUrl: string | undefined
  /** Told of what it tells. */
  readonly watch: Watch
  /** Told when a life begins. */
  readonly onBirth: () => void
}

/** The real command, begun again after each kill, and where it did not reach the server, until it is asked to end. */
export class BotLives {
  readonly #options: BotLivesOptions
  readonly #over: Promise<void>
  #child: ChildProcess | undefined
  #isLive = false
  #isEnding = false
  #kills = 0

  constructor(options: BotLivesOptions) {
    this.#options = options
    this.#over = this.#live()
  }

  get kills(): number {
    return this.#kills
  }

  /** Resolves once it listens. */
  live(): Promise<void> {
    return this.#options.watch.until(() => this.#isLive)
  }

  /** Kills it; false where it does not run. */
  kill(): boolean {
    return this.#child?.exitCode === null && this.#child.signalCode === null && this.#child.kill('SIGKILL')
  }

  /** Lets it stand still for so long; false where it does not run. */
  async freeze(forMs: number): Promise<boolean> {
    const child = this.#child
    if (child?.kill('SIGSTOP') !== true) return false
    await sleep(forMs)
    return child.kill('SIGCONT')
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
        this.#options.watch.fail(`it ended with ${code}: ${stderr.join('\n')}`)
      this.#options.watch.look()
    } while ((code === null || code === UNREACHABLE) && !this.#isEnding)
  }

  #start(): {readonly stderr: readonly string[]; readonly ended: Promise<number | null>} {
    const {url, home, commandFile, onBirth, redisUrl, watch} = this.#options
    const account = {CHAT_SERVER_URL: url, BOT_USERNAME: 'bot', BOT_PASSWORD: 'bot-pass'}
    const pace = {
      VEZA_RATE_LIMIT: '0',
      VEZA_RETRY_DELAY: '5ms',
      VEZA_MAX_RETRY_DELAY: '200ms',
      VEZA_RETRIES: '20',
    }
    const args = ['bot', 'run', '--json', '--commands', commandFile, '--dm-cap', '1000000/1s']
    const redis = redisUrl === undefined ? {} : {VEZA_REDIS_URL: redisUrl}
    if (redisUrl !== undefined) args.push('--redis')
    const child = spawn(NODE, [BIN, ...args], {
      env: {PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...account, ...pace, ...redis},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const stderr: string[] = []
    createInterface({input: child.stdout as Readable}).on('line', line => this.#tell(line))
    createInterface({input: child.stderr as Readable}).on('line', line => {
      stderr.push(line)
      // Such as of listeners that pile up.
      if (line.startsWith('(node:')) watch.fail(line)
      if (!line.startsWith('ready: ')) return
      this.#isLive = true
      watch.look()
    })
    onBirth()
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => resolve(code))
    })
    return {stderr, ended}
  }

  #tell(line: string): void {
    try {
      this.#options.watch.told.add(Number((JSON.parse(line) as {message_id: unknown}).message_id))
    } catch {
      // The last line of a life that was cut off.
    }
    this.#options.watch.look()
  }
}
