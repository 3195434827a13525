import type {InferredFlags} from '@oclif/core/interfaces'
import {integerFlag, switchFlag} from '../flags.js'
import {spanFlags} from '../history/history-flags.js'
import {fromFlags, roomsFlags} from '../tail/tail-flags.js'

const FILTERS = {helpGroup: 'FILTER'}

/** The flags of `messages search`. */
export const searchFlags = {
  room: roomsFlags.room,
  'all-rooms': switchFlag({summary: 'Every room the account has joined'}),
  ...spanFlags,
  regex: switchFlag({...FILTERS, summary: 'TEXT is a regular expression'}),
  'ignore-case': switchFlag({...FILTERS, char: 'i', summary: 'Upper and lower case are the same'}),
  'case-sensitive': switchFlag({...FILTERS, summary: 'Upper and lower case differ'}),
  from: fromFlags.from,
  limit: integerFlag('limit', {summary: 'End after so many matches; all by default'}, 1),
}

/** What to search for, and where. */
export interface SearchRequest extends Partial<InferredFlags<typeof searchFlags>> {
  readonly text: string
  readonly rooms: readonly string[]
}
