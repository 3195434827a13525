import type {Delivered} from './oracle.js'

/** A stream record, and how many messages had come before it. */
export interface Note {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
  readonly after: number
  readonly atMs: number
}

/** All that came out of a tail, in order; of all its lives, where it was killed in between. */
export class Received {
  readonly messages: Delivered[] = []
  readonly notes: Note[] = []
  readonly #counts = new Map<string, number>()
  readonly #ids = new Set<number>()
  readonly #watchers = new Set<() => void>()

  /** How many different messages. */
  get distinct(): number {
    return this.#ids.size
  }

  has(id: number): boolean {
    return this.#ids.has(id)
  }

  add(message: Delivered): void {
    this.messages.push(message)
    this.#ids.add(message.id)
    this.#tell()
  }

  note(event: string, data: Readonly<Record<string, unknown>>): void {
    this.#counts.set(event, this.count(event) + 1)
    this.notes.push({event, data, after: this.messages.length, atMs: performance.now()})
    this.#tell()
  }

  count(event: string): number {
    return this.#counts.get(event) ?? 0
  }

  /** True once the condition holds, which is looked at whenever something comes; false when that takes too long. */
  until(condition: () => boolean, limitMs: number): Promise<boolean> {
    return new Promise(resolve => {
      const end = (held: boolean): void => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        resolve(held)
      }
      const look = (): void => {
        if (condition()) end(true)
      }
      const timer = setTimeout(() => end(false), limitMs)
      this.#watchers.add(look)
      look()
    })
  }

  #tell(): void {
    for (const look of this.#watchers) look()
  }
}
