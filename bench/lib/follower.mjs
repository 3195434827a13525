// A tail whose lines are read here, so that each can be timed, and as slowly as wanted.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'

const SAMPLE_INTERVAL_MS = 250

/** A program that follows a room and writes a record a line. */
export class Follower {
  #stderr = ''
  #peakKiB = 0
  #sampler

  /** @param {NodeJS.ProcessEnv} env all that it gets */
  constructor([file, ...args], env) {
    this.child = spawn(file, args, {env, stdio: ['ignore', 'pipe', 'pipe']})
    this.child.stderr.on('data', chunk => {
      this.#stderr += chunk
    })
    this.ended = once(this.child, 'close')
    this.#sampler = setInterval(() => this.#look(), SAMPLE_INTERVAL_MS)
  }

  /** The most memory it has held, as the kernel counts it. Known as long as it runs. */
  get peakKiB() {
    this.#look()
    return this.#peakKiB
  }

  get stderr() {
    return this.#stderr
  }

  /** Its lines; the next chunk is taken from the pipe when all lines of the last one were. */
  async *lines() {
    let rest = ''
    for await (const chunk of this.child.stdout.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n')
      rest = lines.pop()
      yield* lines
    }
  }

  async stop() {
    clearInterval(this.#sampler)
    this.child.kill('SIGTERM')
    await this.ended
  }

  #look() {
    try {
      const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8')
      this.#peakKiB = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? this.#peakKiB)
    } catch {
      // It has ended.
    }
  }
}
