import {OF_ONE_MESSAGE} from '../../delivery/batch/results.js'
import type {BatchEnd} from '../../delivery/batch/send-batch.js'
import type {BatchResult} from '../../delivery/batch/types.js'
import type {Outcome} from '../../delivery/types.js'
import type {ErrorCode} from '../../errors/catalogue.js'
import {VezaError} from '../../errors/veza-error.js'
import type {View} from '../../output/views/view.js'
import {counted} from '../ending.js'

/** What became of a message of a batch, as `--json` shows it. */
export interface BatchResultRecord {
  /** Its place among the messages of the input, from 1. */
  readonly index: number
  /** The line of the input, from 1. */
  readonly line: number
  readonly outcome?: Outcome
  readonly id?: number | undefined
  readonly client_id?: string
  /** Why it was not sent, in place of an outcome. */
  readonly error?: {
    readonly code: ErrorCode
    readonly message: string
    readonly hint?: string | undefined
    readonly status?: number | undefined
    readonly server_code?: string | undefined
  }
}

/** A result in the formats that have columns. */
export const resultView: View<BatchResultRecord> = {
  columns: [
    {header: 'index', value: ({index}) => index},
    {header: 'line', value: ({line}) => line},
    {header: 'outcome', value: ({outcome}) => outcome},
    {header: 'id', value: ({id}) => id},
    {header: 'client_id', value: result => result.client_id},
    {header: 'error', value: ({error}) => error?.message},
  ],
  jsonFields: ['index', 'line', 'outcome', 'id', 'client_id', 'error'],
}

/** The record of a result. */
export function resultRecord(result: BatchResult): BatchResultRecord {
  const {index, line} = result
  if (!('error' in result)) {
    const {outcome, id, clientId} = result
    return {index, line, outcome, id, client_id: clientId}
  }
  const {code, message, hint, status, serverCode} = result.error
  return {index, line, error: {code, message, hint, status, server_code: serverCode}}
}

/** What else is known of a batch when it has ended. */
export interface BatchFacts {
  readonly seconds: number
  readonly emptyLines: number
  readonly hasJournal: boolean
}

/** What was done, in one line: `sent 1,000 messages in 2.3 s; 3 empty lines left out`. */
export function summary({created, duplicates, failed}: BatchEnd, {seconds, emptyLines}: BatchFacts): string {
  return [
    `sent ${countedLong(created, 'message')} in ${seconds.toFixed(1)} s`,
    ...(duplicates > 0 ? [`${numeral(duplicates)} had arrived before`] : []),
    ...(failed > 0 ? [`${numeral(failed)} left out`] : []),
    ...(emptyLines > 0 ? [`${countedLong(emptyLines, 'empty line')} left out`] : []),
  ].join('; ')
}

/** The error that a batch ends with, which says what was sent and how to go on; undefined where all went well. */
export function batchError(end: BatchEnd, facts: BatchFacts): unknown {
  const {final, first, created, duplicates, failed} = end
  const failure = final ?? first
  if (failure === undefined) return undefined
  const {error, line} = failure
  if (!(error instanceof VezaError)) return error
  const place = line === undefined ? '' : `line ${line}: `
  const arrived = duplicates === 0 ? '' : ` and ${numeral(duplicates)} before`
  const kept = final === undefined ? `${countedLong(failed, 'message')} left out, the first at ` : ''
  const message = `${kept}${place}${error.message}; ${countedLong(created, 'message')} sent${arrived}`
  return new VezaError(error.code, message, {...error, hint: hintOf(end, facts), cause: error})
}

function hintOf({final, first}: BatchEnd, {hasJournal}: BatchFacts): string | undefined {
  const {error, line} = final ?? first ?? {}
  const own = error instanceof VezaError && error.hint !== undefined ? [error.hint] : []
  if (hasJournal) return [...own, howToGoOn(error)].join('; ')
  if (final === undefined || line === undefined) return own[0]
  return [...own, 'with --journal FILE a second run sends only what is missing'].join('; ')
}

/** What is wrong with one message of the input is wrong the next time, too. */
function howToGoOn(error: unknown): string {
  return error instanceof VezaError && OF_ONE_MESSAGE.has(error.code)
    ? 'once that is mended, the same command sends what is missing'
    : 'the same command again sends what is missing'
}

function countedLong(count: number, noun: string): string {
  return counted(count, noun).replace(/^\d+/, numeral(count))
}

function numeral(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
