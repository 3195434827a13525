import {VezaError} from '../../errors/veza-error.js'
import {printable} from '../../http/printable.js'
import {changeSentence, type MemberChange} from '../../output/views/member-change.js'
import {counted} from '../ending.js'
import type {Failure} from './apply.js'

/** Of a long plan so much is shown; all of it with `--dry-run`. */
const SHOWN = 20

const DONE = {add: 'added', remove: 'removed', set_role: 'changed'} as const
const TO_DO = {add: 'to add', remove: 'to remove', set_role: 'to change'} as const
const WORDS: readonly (readonly [MemberChange['outcome'], string])[] = [
  ['unchanged', 'unchanged'],
  ['failed', 'failed'],
  ['unknown', 'perhaps done'],
  ['not_done', 'not done'],
]

/** What became of many changes, counted as they come. */
export class Tally {
  readonly #counts = new Map<MemberChange['outcome'], number>()

  add({outcome}: MemberChange): void {
    this.#counts.set(outcome, this.of(outcome) + 1)
  }

  of(outcome: MemberChange['outcome']): number {
    return this.#counts.get(outcome) ?? 0
  }

  /** In words, such as `12 added, 3 unchanged`. */
  inWords(action: MemberChange['action']): string {
    const rest = WORDS.filter(([outcome]) => this.of(outcome) > 0)
    return [
      `${this.of('done')} ${DONE[action]}`,
      ...rest.map(([outcome, word]) => `${this.of(outcome)} ${word}`),
    ].join(', ')
  }
}

/** A plan as lines for a person: its first changes, and the sums. */
export function planLines(
  changes: readonly MemberChange[],
  action: MemberChange['action'],
  room: string,
): string[] {
  const planned = changes.filter(change => change.outcome === 'planned')
  const lines = planned.slice(0, SHOWN).map(change => `  ${changeSentence(change)}`)
  const hidden = planned.length - lines.length
  const unchanged = changes.length - planned.length
  return [
    `plan for ${room}: ${planned.length} ${TO_DO[action]}${unchanged > 0 ? `, ${unchanged} unchanged` : ''}`,
    ...lines,
    ...(hidden > 0 ? [`  and ${hidden} more, all shown by --dry-run`] : []),
  ]
}

/** What the changes do to whom, for the question before them. */
export function question(planned: number, action: MemberChange['action'], room: string): string {
  return action === 'remove'
    ? `remove ${counted(planned, 'member')} from ${room}`
    : `change the roles of ${counted(planned, 'member')} of ${room}`
}

/** The error that many changes end with: where, why, and what was done until then. */
export function failureError({change, error}: Failure, done: string): VezaError {
  const place = change.line === undefined ? '' : `line ${change.line}, `
  const message = `${place}${printable(change.username, 60)}: ${error.message}; ${done}`
  const again = 'the same command again goes on: what is done stays unchanged'
  const hint = error.hint === undefined ? again : `${error.hint}; ${again}`
  return new VezaError(error.code, message, {...error, hint, cause: error})
}
