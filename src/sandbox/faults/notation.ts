import {VezaError} from '../../lib/errors/veza-error.js'
import {checkFault, unknownKind} from './check.js'
import {FAULT_KINDS, type FaultOption, type FaultSpec, OPTION_FIELDS} from './spec.js'

/** A fault by the names of flags and of the control route: `{kind: 'hang', for: '5s'}`. */
export type FaultFields = Readonly<Record<string, unknown>>

const UNIT_MS: Readonly<Record<string, number>> = {ms: 1, s: 1_000, m: 60_000, h: 3_600_000}
const DURATIONS: readonly string[] = ['for', 'every']
const TEXTS: readonly string[] = ['method', 'path']

/**
 * The fault that a text such as `hang:count=3:for=5s` describes: a kind, then options, with `:` between them.
 * @throws {VezaError} `usage` that names `label` and what is wrong.
 */
export function parseFault(text: string, label: string): FaultSpec {
  try {
    return readFault(text)
  } catch (error) {
    throw error instanceof VezaError ? new VezaError('usage', `${label}: ${error.message}`) : error
  }
}

function readFault(text: string): FaultSpec {
  const [kind = '', ...options] = text.split(':')
  const fields = new Map<string, string>()
  for (const option of options) {
    const [, name, value] = /^(\w+)=(.+)$/.exec(option) ?? []
    if (name === undefined || value === undefined)
      throw new VezaError('usage', 'an option is written as NAME=VALUE, such as hang:count=3')
    if (fields.has(name)) throw new VezaError('usage', `${name} is given twice`)
    fields.set(name, value)
  }
  return faultOf({...Object.fromEntries(fields), kind})
}

/**
 * The fault that these fields describe. A number may be given as text, and a duration as `250ms`, `5s`, `2m` or a number
 * of seconds.
 * @throws {VezaError} `usage` that names what is wrong.
 */
export function faultOf({kind: named, ...fields}: FaultFields): FaultSpec {
  const kind = FAULT_KINDS.find(known => known === named)
  if (kind === undefined) throw new VezaError('usage', unknownKind(named))
  const entries = Object.entries(fields).map(([name, value]) => {
    if (!isOption(name))
      throw new VezaError('usage', `there is no option ${JSON.stringify(name.slice(0, 40))}`)
    return [OPTION_FIELDS[name], readValue(name, value)]
  })
  const spec: FaultSpec = {kind, ...Object.fromEntries(entries)}
  checkFault(spec)
  return spec
}

/** The fields that `faultOf` reads. */
export function fieldsOf(spec: FaultSpec): FaultFields {
  const options = (Object.keys(OPTION_FIELDS) as FaultOption[]).flatMap(name => {
    const value = spec[OPTION_FIELDS[name]]
    if (value === undefined) return []
    return [[name, typeof value === 'number' && DURATIONS.includes(name) ? showDuration(value) : value]]
  })
  return {kind: spec.kind, ...Object.fromEntries(options)}
}

/** The text that `parseFault` reads. */
export function showFault(spec: FaultSpec): string {
  const {kind, ...options} = fieldsOf(spec)
  return [kind, ...Object.entries(options).map(([name, value]) => `${name}=${value}`)].join(':')
}

const isOption = (name: string): name is FaultOption => Object.hasOwn(OPTION_FIELDS, name)

// What cannot be read is passed on as it is: the check says what the option wants.
function readValue(name: FaultOption, value: unknown): unknown {
  if (name === 'method') return typeof value === 'string' ? value.toUpperCase() : value
  if (TEXTS.includes(name)) return value
  if (DURATIONS.includes(name)) return durationMs(String(value)) ?? value
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : value
}

function durationMs(text: string): number | undefined {
  const [, amount, unit = 's'] = /^(\d+(?:\.\d+)?)(ms|[smh])?$/.exec(text) ?? []
  return amount === undefined ? undefined : Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN))
}

function showDuration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`
}
