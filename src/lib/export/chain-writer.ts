import {join} from 'node:path'
import {Appender} from './appender.js'
import {chainLine, linkOf} from './chain.js'
import type {ChainState, Part} from './types.js'

/** How many records a file holds. */
const RECORDS_A_PART = 50_000

/** The name of the `n`th file of records, from 1. */
function partName(n: number): string {
  return `messages-${String(n).padStart(5, '0')}.ndjson`
}

/** The end of a chain of records, where more are added. */
export class ChainWriter {
  readonly #folder: string
  #done: Part[]
  #records: number
  #head: string
  #current: {readonly name: string; records: number; readonly file: Appender} | undefined

  constructor(folder: string, {records, head, parts}: ChainState) {
    this.#folder = folder
    this.#records = records
    this.#head = head
    this.#done = [...parts]
  }

  get records(): number {
    return this.#records
  }

  /** Adds a record. A promise where something has to be written first: await it. @throws {VezaError} `failed`. */
  append(payload: string): Promise<void> | undefined {
    const current = this.#current
    if (current === undefined || current.records >= RECORDS_A_PART) return this.#appendInNext(payload)
    return this.#add(current, payload)
  }

  /** Brings everything to the disk and tells how far the chain goes now. @throws {VezaError} `failed`. */
  async sync(): Promise<ChainState> {
    await this.#current?.file.sync()
    const parts = this.#current === undefined ? this.#done : [...this.#done, partOf(this.#current)]
    return {records: this.#records, head: this.#head, parts}
  }

  /** Lets go of the files; what was not synced may be lost. */
  async close(): Promise<void> {
    await this.#current?.file.close()
  }

  async #appendInNext(payload: string): Promise<void> {
    if (this.#current !== undefined) {
      await this.#current.file.sync()
      await this.#current.file.close()
      this.#done.push(partOf(this.#current))
      this.#current = undefined
    }
    const last = this.#done.at(-1)
    const goesOn = last !== undefined && last.records < RECORDS_A_PART
    if (goesOn) this.#done = this.#done.slice(0, -1)
    const {name, records, bytes} = goesOn
      ? last
      : {name: partName(this.#done.length + 1), records: 0, bytes: 0}
    this.#current = {name, records, file: new Appender(join(this.#folder, name), bytes)}
    await this.#add(this.#current, payload)
  }

  #add(current: {records: number; readonly file: Appender}, payload: string): Promise<void> | undefined {
    this.#records += 1
    current.records += 1
    const line = chainLine(this.#head, this.#records, payload)
    this.#head = linkOf(line)
    return current.file.add(line)
  }
}

function partOf({name, records, file}: {name: string; records: number; file: Appender}): Part {
  return {name, records, bytes: file.bytes}
}
