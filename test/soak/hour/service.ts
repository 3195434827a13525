import {type ChildProcess, spawn} from 'node:child_process'
import {closeSync, openSync, readdirSync, readFileSync} from 'node:fs'
import {createInterface} from 'node:readline'
import type {Readable} from 'node:stream'
import {setTimeout as sleep} from 'node:timers/promises'
import {BIN, NODE} from '../tail/tail-process.js'

/** How to run a service. */
export interface ServiceOptions {
  readonly name: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** The file that its stdout is appended to. Default: nothing is kept. */
  readonly output?: string
}

/** What a process takes at one moment. */
export interface Look {
  readonly atMin: number
  readonly rssMiB: number
  /** Of V8, from its metrics; undefined where they had no answer. */
  readonly heapMiB: number | undefined
  readonly files: number
}

const MIB = 1024 * 1024
const ASKED_TO_END = [0, 143]
const KEPT_LINES = 20
const AGAIN_MS = 1_000
const SCRAPE_MS = 5_000

/** A `veza` command that is to run on and on, with metrics. It is begun again where it ends by itself, which is a fault. */
export class Service {
  readonly name: string
  readonly faults: string[] = []
  /** Of the process that runs now. */
  looks: Look[] = []
  /** How many lines said that it was connected again. */
  reconnections = 0
  readonly #options: ServiceOptions
  readonly #said: string[] = []
  #child: ChildProcess | undefined
  #metricsUrl: string | undefined
  #isReady = false
  #isToEnd = false
  #over: Promise<void>

  constructor(options: ServiceOptions) {
    this.name = options.name
    this.#options = options
    this.#over = this.#live()
  }

  /** Its last lines on stderr. */
  get said(): string {
    return this.#said.join('\n')
  }

  /** Resolves to its first `ready` line; rejects when it ends before. */
  async ready(): Promise<string> {
    while (!this.#isReady) {
      if (this.faults.length > 0) throw new Error(this.faults.join('\n'))
      await sleep(20)
    }
    return this.#said.find(line => line.startsWith('ready: ')) ?? ''
  }

  /** Notes what it takes now. */
  async look(atMin: number): Promise<void> {
    const text = await this.metrics().catch(() => undefined)
    const heap = text === undefined ? undefined : figureOf(text, 'nodejs_heap_size_used_bytes')
    const pid = this.#child?.pid
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8')
      const rssMiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
      const files = readdirSync(`/proc/${pid}/fd`).length
      this.looks.push({atMin, rssMiB, heapMiB: heap === undefined ? undefined : heap / MIB, files})
    } catch {
      // It has just ended.
    }
  }

  /** What it answers Prometheus. */
  async metrics(): Promise<string> {
    if (this.#metricsUrl === undefined) throw new Error(`${this.name} has no metrics`)
    const response = await fetch(this.#metricsUrl, {signal: AbortSignal.timeout(SCRAPE_MS)})
    return response.text()
  }

  /** Asks it to end; resolves when it has. */
  async end(): Promise<void> {
    this.#isToEnd = true
    this.#child?.kill('SIGTERM')
    await this.#over
  }

  async #live(): Promise<void> {
    const startedMs = performance.now()
    while (!this.#isToEnd) {
      const code = await this.#run()
      if (this.#isToEnd && ASKED_TO_END.includes(code ?? 0)) return
      const minutes = ((performance.now() - startedMs) / 60_000).toFixed(1)
      this.faults.push(`${this.name} ended with ${code} after ${minutes} minutes: ${this.said}`)
      this.looks = []
      await sleep(AGAIN_MS)
    }
  }

  #run(): Promise<number | null> {
    const {args, env, output} = this.#options
    const stdout = output === undefined ? 'ignore' : openSync(output, 'a')
    const child = spawn(NODE, [BIN, ...args, '--metrics-listen', '0'], {
      env: {PATH: process.env.PATH, LANG: 'C.UTF-8', ...env},
      stdio: ['ignore', stdout, 'pipe'],
    })
    if (stdout !== 'ignore') closeSync(stdout)
    this.#child = child
    createInterface({input: child.stderr as Readable}).on('line', line => this.#hear(line))
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', code => resolve(code))
    })
  }

  #hear(line: string): void {
    this.#said.push(line)
    if (this.#said.length > KEPT_LINES) this.#said.shift()
    this.#metricsUrl = /^metrics: (\S+)$/.exec(line)?.[1] ?? this.#metricsUrl
    if (line.startsWith('ready: ')) this.#isReady = true
    if (line.startsWith('reconnected after ')) this.reconnections += 1
    // Such as of listeners that pile up.
    if (line.startsWith('(node:')) this.faults.push(`${this.name}: ${line}`)
  }
}

/** The sum of all values of a metric, whatever their labels but those given; 0 where it has none. */
export function figureOf(text: string, name: string, labels: readonly string[] = []): number {
  let all = 0
  for (const line of text.split('\n')) {
    const [, found, inside = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (found === name && labels.every(label => inside.includes(label))) all += Number(value)
  }
  return all
}
