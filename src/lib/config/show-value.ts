import type {ValueKind} from './kinds.js'
import type {Settings} from './settings.js'

/** The value of any setting. */
export type SettingValue = Settings[keyof Settings]

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const

/** A value as a file has it: a duration as text in its largest whole unit, anything else as it is. */
export function showValue(kind: ValueKind<unknown>['name'], value: SettingValue): SettingValue {
  if (kind !== 'duration' || typeof value !== 'number') return value
  const [unit, ms] = UNITS.find(([, length]) => value >= length && value % length === 0) ?? ['ms', 1]
  return value === 0 ? '0s' : `${value / ms}${unit}`
}
