import type {OutputFormat, Renderer, Written} from './renderer.js'

/** What prints a list as it prints a stream: each record by itself. */
export abstract class EachRecord implements Renderer {
  abstract readonly format: OutputFormat

  abstract record(record: unknown): Written

  abstract value(text: string): Written

  one(record: unknown): Written {
    return this.record(record)
  }

  async list(records: readonly unknown[]): Promise<void> {
    for (const record of records) await this.record(record)
  }

  async rows(records: AsyncIterable<unknown>): Promise<number> {
    let count = 0
    for await (const record of records) {
      await this.record(record)
      count += 1
    }
    return count
  }
}
