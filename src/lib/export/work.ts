import {payloadOf} from './chain.js'
import {ChainWriter} from './chain-writer.js'
import type {ExportFolder} from './folder.js'
import type {Known} from './known.js'
import {writeCheckpoint} from './manifest.js'
import type {ChainEntry, ExportSource, SpoolState} from './types.js'

/** So much may have to be done again after a kill. */
const CHECKPOINT_EVERY_MS = 1000

/** What an export needs from outside. */
export interface ExportEffects {
  /** Milliseconds since the epoch. */
  now(): number
  /** Aborted when the export must end. */
  readonly signal: AbortSignal
  /** Of veza, for the record of a run. */
  readonly version: string
  /** What is being done, for a person: how many of how many, where that is known. */
  onProgress(stage: Stage, done: number, total?: number): void
}

/** What an export is doing. */
export type Stage = 'reading' | 'writing' | 'looking again' | 'files' | 'page'

/** An export that is under way: its records, what they say, and how far it has come on disk. */
export class Work {
  readonly #writer: ChainWriter
  #begun = false
  #spool: SpoolState | undefined
  #nextCheckpointMs = 0

  constructor(
    readonly folder: ExportFolder,
    readonly source: ExportSource,
    readonly known: Known,
    readonly effects: ExportEffects,
  ) {
    this.#writer = new ChainWriter(folder.path, folder.chain)
    this.#spool = folder.checkpoint?.spool
  }

  /** Where an unfinished run has left its walk back. */
  get spool(): SpoolState | undefined {
    return this.#spool
  }

  /** Whether the folder is no longer as the last finished run left it. */
  get isUnfinished(): boolean {
    return this.#begun || this.folder.checkpoint !== undefined
  }

  /** From here on the folder is unfinished. */
  async begin(): Promise<void> {
    if (this.#begun) return
    this.#begun = true
    await this.checkpoint(this.#spool)
    const at = new Date(this.effects.now()).toISOString()
    await this.append({kind: 'run', run: {at, veza: this.effects.version, server: this.source.server}})
  }

  /** Adds a record, and to what is known. */
  async append(entry: ChainEntry): Promise<void> {
    await this.begin()
    await this.#writer.append(payloadOf(entry))
    this.known.note(entry)
  }

  /** Adds a record that is JSON already. To be called after `begin`. */
  appendPayload(payload: string): Promise<void> | undefined {
    return this.#writer.append(payload)
  }

  /** Brings the records to disk and notes how far they and the walk have come. */
  async checkpoint(spool: SpoolState | undefined): Promise<void> {
    const {server, place} = this.source
    const chain = await this.#writer.sync()
    this.#spool = spool
    await writeCheckpoint(this.folder.path, {
      format: 'veza-export-checkpoint',
      version: 1,
      source: {server, kind: place.kind, id: place.id},
      chain,
      ...(spool === undefined ? {} : {spool}),
    })
    this.#nextCheckpointMs = this.effects.now() + CHECKPOINT_EVERY_MS
  }

  /** Whether the last checkpoint is a while ago. */
  get isCheckpointDue(): boolean {
    return this.effects.now() >= this.#nextCheckpointMs
  }

  /** The chain, all of it on disk. */
  sync(): ReturnType<ChainWriter['sync']> {
    return this.#writer.sync()
  }

  async close(): Promise<void> {
    await this.#writer.close()
  }
}
