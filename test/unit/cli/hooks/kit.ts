import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {Writable} from 'node:stream'
import {onTestFinished} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'

/** A folder that is gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'veza-hooks-'))
  onTestFinished(() => rm(path, {recursive: true, force: true}))
  return path
}

/** Waits that end when the test says so, or at once. */
export class Sleeps {
  /** Each wait that was asked for, in milliseconds. */
  readonly asked: number[] = []
  readonly #held: ReadonlySet<number>
  readonly #waiting = new Map<number, (() => void)[]>()
  readonly #woken = new Set<number>()

  /** @param held waits of so many milliseconds end only by `wake`, or an abort. */
  constructor(...held: number[]) {
    this.#held = new Set(held)
  }

  readonly sleep = (delayMs: number, signal: AbortSignal): Promise<void> => {
    this.asked.push(delayMs)
    return new Promise(resolve => {
      if (!this.#held.has(delayMs) || this.#woken.has(delayMs)) setImmediate(resolve)
      else this.#waiting.set(delayMs, [...(this.#waiting.get(delayMs) ?? []), resolve])
      signal.addEventListener('abort', () => resolve(), {once: true})
    })
  }

  /** Ends all waits of so long, and those that are to come. */
  wake(delayMs: number): void {
    this.#woken.add(delayMs)
    for (const resolve of this.#waiting.get(delayMs) ?? []) resolve()
  }
}

/** The output of hooks, as it comes. */
export interface Listener {
  readonly stream: Writable
  /** The next line. */
  line(): Promise<string>
  /** All other lines, once each process that could still write has ended. */
  rest(): Promise<string[]>
}

/** A pipe for the output of hooks. It ends only when the last process that holds it has. */
export function listen(): Listener {
  const cat = spawn('cat', {stdio: ['pipe', 'pipe', 'inherit']})
  onTestFinished(() => void cat.kill('SIGKILL'))
  const lines = createInterface({input: cat.stdout})[Symbol.asyncIterator]()
  return {
    stream: cat.stdin,
    async line() {
      const {value, done} = await lines.next()
      if (done) throw new Error('the output has ended')
      return value
    },
    async rest() {
      cat.stdin.end()
      const all: string[] = []
      for (let next = await lines.next(); !next.done; next = await lines.next()) all.push(next.value)
      return all
    },
  }
}

/** A pipe that nobody reads. */
export function deafReader(): Writable {
  const child = spawn('sleep', ['1000'], {stdio: ['pipe', 'ignore', 'ignore']})
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  return child.stdin
}

export const message = (fields: Partial<Message> = {}): Message => ({
  id: 123,
  content: 'hello',
  username: 'ada',
  author_id: 7,
  room_id: 15,
  room_name: 'general',
  created_at: '2026-11-22T09:00:00Z',
  ...fields,
})
