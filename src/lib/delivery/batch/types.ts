import type {VezaError} from '../../errors/veza-error.js'
import type {Outcome} from '../types.js'

/** So many messages at most are on their way, or wait for one before them. */
export const MOST_UNSETTLED = 1000

/** A message of a batch, as the input has it. */
export interface BatchRecord {
  /** Its place among the messages of the input, from 1; a line that is split is several messages. */
  readonly index: number
  /** The line of the input, from 1. */
  readonly line: number
  readonly content: string
  readonly parentId?: number | undefined
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
  /** Under which it is sent once, whatever the batch. */
  readonly key?: string | undefined
}

/** A line that is no message. */
export interface BadRecord {
  readonly index: number
  readonly line: number
  readonly error: VezaError
}

/** What became of a message of a batch. */
export type BatchResult = {readonly index: number; readonly line: number} & (
  | {
      readonly outcome: Outcome
      readonly id?: number | undefined
      readonly clientId: string
      /** The journal has it already. */
      readonly isInJournal?: boolean
    }
  | {readonly error: VezaError}
)

/** A message of a batch on its way. */
export interface Pending {
  readonly record: BatchRecord | BadRecord
  readonly clientId: string
  /** The highest id that was known when it was first sent: if it is stored, it has a higher one. */
  sentAfterId?: number | undefined
  /** Sent by itself over REST, with nothing else on its way. */
  alone: boolean
  result?: BatchResult
}

/** A pending message that can be sent. */
export interface Sendable extends Pending {
  readonly record: BatchRecord
}
