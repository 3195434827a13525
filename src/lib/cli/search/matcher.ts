import type {Message} from '../../../contract/resources.js'
import {VezaError} from '../../errors/veza-error.js'
import {createHighlighter, type Highlighter} from '../../output/highlight.js'
import type {Filter} from '../tail/filters.js'
import type {Guard} from './guard.js'

/** What finds messages, and sets off in them what was found. */
export interface Matcher {
  /** Those of a page that match. @throws {VezaError} `usage` where the expression takes too long. */
  readonly pick: (rows: readonly Message[]) => readonly Message[]
  /** Leaves text as it is that takes too long. */
  readonly highlight: Highlighter
}

/** Makes a matcher. `guard` is for a page at a time: a pattern of a person may take for ever on some texts. */
export function createMatcher(pattern: RegExp, filter: Filter | undefined, guard: Guard): Matcher {
  const paint = createHighlighter([pattern])
  const matches: Filter = message => filter?.(message) !== false && pattern.test(message.content)
  const pick: Matcher['pick'] = rows => {
    let current = 0
    const found = guard<readonly Message[] | undefined>(
      () =>
        rows.filter(message => {
          current = message.id
          return matches(message)
        }),
      undefined,
    )
    if (found !== undefined) return found
    throw new VezaError('usage', `the regular expression takes too long on message ${current}`, {
      hint: 'one repetition inside another, such as (a+)+, takes for ever on some texts: write it without',
    })
  }
  return {pick, highlight: (text, style) => guard(() => paint(text, style), text)}
}
