import type {InferredFlags} from '@oclif/core/interfaces'
import {VezaError} from '../../errors/veza-error.js'
import {idFlag, integerFlag, switchFlag} from '../flags.js'
import {sinceFlag} from '../since.js'
import {fromFlags} from '../tail/tail-flags.js'

const START = {helpGroup: 'START'}
const FILTERS = {helpGroup: 'FILTER'}

/** `--since` and `--until`, for what reads history. */
export const spanFlags = {
  since: sinceFlag('since', {
    ...START,
    summary: 'Only what came after this message, time or duration ago',
  }),
  until: sinceFlag('until', {
    ...FILTERS,
    summary: 'Nothing after this message, time or duration ago',
  }),
}

/** The flags that `messages history` and `dm history` share. */
export const historyFlags = {
  last: integerFlag('last', {...START, char: 'n', summary: 'The last so many, 50 by default'}, 1),
  ...spanFlags,
  all: switchFlag({...START, summary: 'All, from the first one on'}),
  thread: idFlag('thread', {...START, summary: 'This message, and what answers it or one of its answers'}),
  from: fromFlags.from,
}

/** What of a history is wanted. */
export type HistoryRequest = Partial<InferredFlags<typeof historyFlags>>

const BEGINNINGS = ['last', 'since', 'all', 'thread'] as const

/** Checks a request. @throws {VezaError} `usage` for flags that do not go together. */
export function checkHistory(request: HistoryRequest): void {
  const [one, other] = BEGINNINGS.filter(name => request[name] !== undefined && request[name] !== false)
  if (other !== undefined) throw new VezaError('usage', `give --${one} or --${other}, not both`)
}
