import {type ChildProcess, spawn} from 'node:child_process'
import {join} from 'node:path'
import {createInterface, type Interface} from 'node:readline'
import type {Readable} from 'node:stream'
import type {Received} from './received.js'

/** The command under test: see test/support/veza.ts. */
export const BIN = process.env.VEZA_TEST_BIN ?? join('bin', 'run.js')
/** The Node that runs it. */
export const NODE = process.env.VEZA_TEST_NODE ?? process.execPath

/** How to run a `veza messages tail --json --events`. */
export interface TailProcessOptions {
  readonly url: string
  /** Home and folder of temporary files. */
  readonly home: string
  readonly args: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly received: Received
}

/** A line of stderr, and when it came. */
export interface Said {
  readonly line: string
  readonly atMs: number
}

/** The real command in a process of its own. Each line of its stdout is noted as it arrives, its stderr is kept. */
export class TailProcess {
  readonly child: ChildProcess
  /** The exit code, null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** The lines of stderr, and when each came, in milliseconds of `performance.now()`. */
  readonly said: Said[] = []
  readonly #words: Interface
  readonly #received: Received
  #rest = ''

  constructor({url, home, args, env = {}, received}: TailProcessOptions) {
    this.#received = received
    const credentials = {VEZA_SERVER: url, VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    this.child = spawn(NODE, [BIN, 'messages', 'tail', ...args, '--json', '--events'], {
      env: {PATH: process.env.PATH, HOME: home, TMPDIR: home, LANG: 'C.UTF-8', ...credentials, ...env},
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => this.#onStdout(chunk))
    this.#words = createInterface({input: this.child.stderr as Readable})
    this.#words.on('line', line => this.said.push({line, atMs: performance.now()}))
    this.ended = new Promise((resolve, reject) => {
      this.child.on('error', reject)
      this.child.on('close', code => resolve(code))
    })
  }

  get stderr(): string {
    return this.said.map(({line}) => `${line}\n`).join('')
  }

  /** The first line of stderr that matches, once it is there. Rejects when the command ends before. */
  says(pattern: RegExp): Promise<Said> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.said.find(({line}) => pattern.test(line))
        if (found === undefined) return
        this.#words.off('line', look)
        resolve(found)
      }
      this.#words.on('line', look)
      look()
      void this.ended.then(code => reject(new Error(`ended with ${code} before ${pattern}: ${this.stderr}`)))
    })
  }

  /** Resolves when it is gone and all that it wrote has been read. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal)
    return this.ended
  }

  #onStdout(chunk: string): void {
    const atMs = performance.now()
    const lines = (this.#rest + chunk).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#onLine(line, atMs)
  }

  #onLine(line: string, atMs: number): void {
    const record = JSON.parse(line) as Record<string, unknown>
    const {event, id, content, room_id: roomId, late} = record
    if (typeof event === 'string') this.#received.note(event, record)
    else
      this.#received.add({
        id: Number(id),
        roomId: Number(roomId),
        content: String(content),
        late: late === true,
        atMs,
      })
  }
}
