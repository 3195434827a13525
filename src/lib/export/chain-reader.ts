import {join} from 'node:path'
import {linkOf, NO_LINE, parseLine} from './chain.js'
import {readLines} from './read-lines.js'
import type {ChainRecord, ChainState, Part} from './types.js'

/** A line that is not what was exported. */
export interface ChainFault {
  readonly file: string
  /** From 1. */
  readonly line?: number | undefined
  readonly problem: string
}

/** A line and where it is. */
export interface PlacedLine {
  readonly part: string
  /** From 1. */
  readonly line: number
  readonly bytes: Buffer
  readonly record: ChainRecord | undefined
}

/** The lines of all files of records, as far as these count, some at a time. Throws the system's error for a file it cannot read. */
export async function* readChain(folder: string, parts: readonly Part[]): AsyncGenerator<PlacedLine[]> {
  for (const {name, bytes} of parts) {
    let line = 0
    for await (const lines of readLines(join(folder, name), bytes)) {
      yield lines.map(found => ({part: name, line: ++line, bytes: found, record: parseLine(found)}))
    }
  }
}

type Place = Pick<PlacedLine, 'part' | 'line'>

/**
 * Follows a chain from line to line and finds what does not fit. A line whose content was changed fits to the one before, but
 * the next one does not fit to it; a line whose `prev` was changed fits to neither.
 */
export class ChainCheck {
  #head = NO_LINE
  #last: Place | undefined
  /** The next line did not fit to this one: which of the two was changed, the one after tells. */
  #suspect: Place | undefined
  #records = 0
  readonly faults: ChainFault[] = []

  /** Takes the next line. */
  next({part, line, bytes, record}: PlacedLine): void {
    this.#records += 1
    const here = {part, line}
    if (record === undefined) this.#fault(here, 'is no record')
    this.#judge(record?.prev === this.#head, here)
    // Seq tells of lines that were cut out along with their hashes, which no honest writer does.
    if (record !== undefined && record.seq !== this.#records && record.prev === this.#head)
      this.#fault(here, `has the number ${record.seq} in place of ${this.#records}`)
    this.#head = linkOf(bytes)
    this.#last = here
  }

  /** Ends the chain: is it the one that was noted? */
  end({records, head}: ChainState): readonly ChainFault[] {
    if (this.#last !== undefined) this.#judge(this.#head === head, undefined)
    if (this.#suspect !== undefined) this.#blame(this.#suspect)
    if (this.#records !== records) {
      const file = this.#last?.part ?? 'messages-00001.ndjson'
      this.faults.push({file, problem: `the export has ${records} records, here are ${this.#records}`})
    }
    return this.faults
  }

  #judge(fits: boolean, here: Place | undefined): void {
    const suspect = this.#suspect
    this.#suspect = undefined
    if (!fits && suspect !== undefined && this.#last !== undefined) this.#blame(this.#last)
    else if (suspect !== undefined) this.#blame(suspect)
    if (!fits && suspect === undefined) this.#suspect = this.#last ?? here
  }

  #blame({part, line}: Place): void {
    this.#fault(
      {part, line},
      'does not fit into the chain: it was changed, or lines beside it added or removed',
    )
  }

  #fault({part, line}: Place, problem: string): void {
    const last = this.faults.at(-1)
    if (last?.file === part && last.line === line) return
    this.faults.push({file: part, line, problem})
  }
}
