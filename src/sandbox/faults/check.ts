import {VezaError} from '../../lib/errors/veza-error.js'
import {FAULT_KINDS, type FaultOption, type FaultSpec, OPTION_FIELDS, occasionOf, optionsOf} from './spec.js'

const LONGEST_MS = 2 ** 31 - 1
const METHODS = ['GET', 'POST', 'PUT', 'DELETE']

interface Rule {
  readonly wants: string
  readonly holds: (value: unknown) => boolean
}

const isInteger = (value: unknown, min: number, max: number): boolean =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max

const duration: Rule = {
  wants: 'a duration above 0, such as 250ms, 5s or 2m',
  holds: value => isInteger(value, 1, LONGEST_MS),
}
const positive: Rule = {
  wants: 'a whole number of at least 1',
  holds: value => isInteger(value, 1, Number.MAX_SAFE_INTEGER),
}

const RULES: Readonly<Record<FaultOption, Rule>> = {
  count: positive,
  ratio: {
    wants: 'a number above 0 and up to 1',
    holds: value => typeof value === 'number' && value > 0 && value <= 1,
  },
  for: duration,
  every: duration,
  room: {...positive, wants: 'the id of a room'},
  code: {wants: 'a close code: 1000 to 1014 but 1004 to 1006, or 3000 to 4999', holds: isCloseCode},
  method: {
    wants: `one of ${METHODS.join(', ')}`,
    holds: value => typeof value === 'string' && METHODS.includes(value),
  },
  path: {
    wants: 'the beginning of a path, such as /rooms/1/messages',
    holds: value => typeof value === 'string' && value.startsWith('/'),
  },
}

/** Only these may stand in a close frame (RFC 6455, section 7.4). */
function isCloseCode(value: unknown): boolean {
  return (isInteger(value, 1000, 1014) && !isInteger(value, 1004, 1006)) || isInteger(value, 3000, 4999)
}

/**
 * Refuses a fault that could not strike as it says.
 * @throws {VezaError} `usage` that names the option and what it wants.
 */
export function checkFault(spec: FaultSpec): void {
  const {kind} = spec
  if (!FAULT_KINDS.includes(kind)) throw new VezaError('usage', unknownKind(kind))
  const allowed = optionsOf(kind)
  for (const option of Object.keys(OPTION_FIELDS) as FaultOption[]) {
    const value = spec[OPTION_FIELDS[option]]
    if (value === undefined) continue
    if (!allowed.includes(option))
      throw new VezaError('usage', `${kind} takes no ${option}, only ${allowed.join(', ')}`)
    if (!RULES[option].holds(value)) throw new VezaError('usage', `${option} wants ${RULES[option].wants}`)
  }
  checkMoment(spec)
}

function checkMoment({kind, ratio, everyMs, count}: FaultSpec): void {
  if (occasionOf(kind) !== 'moment') return
  if (ratio !== undefined && everyMs !== undefined)
    throw new VezaError('usage', `${kind} takes ratio or every, not both`)
  if (count !== undefined && ratio === undefined && everyMs === undefined)
    throw new VezaError('usage', `${kind} strikes at once; with count it wants ratio or every, too`)
}

/** What to tell somebody who named a kind that there is none of. */
export function unknownKind(kind: unknown): string {
  const named =
    typeof kind === 'string' && kind !== '' ? `no fault ${JSON.stringify(kind.slice(0, 40))}` : 'no kind'
  return `there is ${named}; the kinds are ${FAULT_KINDS.join(', ')}`
}
