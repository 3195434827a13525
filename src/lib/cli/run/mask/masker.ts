import {VezaError} from '../../../errors/veza-error.js'
import {secretValues} from './secret-values.js'
import {shapeFinders} from './shapes.js'
import {type Finder, literalFinder, merged, patternFinder, type Span} from './span.js'

/** What stands in the place of a secret. */
const MASK = '***'
/** No secret but a text of many lines is longer. */
const HOLD_LENGTH = 32 * 1024

/** What is secret beside all that looks so. */
export interface MaskRules {
  /** Of the process that is run. */
  readonly variables: Readonly<Record<string, string | undefined>>
  /** `--mask`. */
  readonly patterns: readonly RegExp[]
}

/** Leaves secrets out of texts: values of variables with telling names, known shapes of tokens, patterns of the user. */
export class Masker {
  readonly #finders: readonly Finder[]
  /** As much text decides about each place: whoever masks piece by piece keeps so much back. */
  readonly holdLength: number

  constructor({variables, patterns}: MaskRules) {
    const values = secretValues(variables)
    this.#finders = [literalFinder(values), ...patterns.map(patternFinder), ...shapeFinders]
    this.holdLength = Math.max(HOLD_LENGTH, ...values.map(({length}) => 2 * length))
  }

  /** The text with `***` for each secret. */
  mask(text: string): string {
    return replaced(text, this.spans(text))
  }

  /** Where the secrets are, in order and apart from each other. */
  spans(text: string): readonly Span[] {
    return merged(this.#finders.flatMap(find => [...find(text)]))
  }
}

/** The text with `***` for each span. */
export function replaced(text: string, spans: readonly Span[]): string {
  let result = ''
  let at = 0
  for (const {start, end} of spans) {
    result += text.slice(at, start) + MASK
    at = end
  }
  return result + text.slice(at)
}

/** A pattern of `--mask`. @throws {VezaError} `usage` for one that is no regular expression, or matches nothing at all. */
export function parsePattern(text: string, label: string): RegExp {
  try {
    const pattern = new RegExp(text)
    if (!pattern.test('')) return pattern
  } catch (cause) {
    throw new VezaError('usage', `${label} is no regular expression`, {cause})
  }
  throw new VezaError('usage', `${label} matches an empty text, too`)
}
