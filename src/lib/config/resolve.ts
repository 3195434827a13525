import {VezaError} from '../errors/veza-error.js'
import type {Environment} from './environment.js'
import {DEFINITIONS, type Definition, SETTING_NAMES, type Settings} from './settings.js'
import type {StoredLayer} from './stored-layers.js'

/** Where a setting's value came from, strongest first. */
export type Source = 'flag' | 'environment' | 'project file' | 'profile' | 'user file' | 'default'

/** What settings come from. */
export interface Layers {
  /** Values already parsed by the command's own flags; undefined where not given. */
  readonly flags: Partial<Settings>
  readonly environment: Environment
  /** What files set, strongest first. */
  readonly stored: readonly StoredLayer[]
}

/** One setting with where it came from. */
export interface ResolvedSetting<T> {
  readonly value: T
  readonly source: Source
  /** The variable's name, the file's path or the profile's name; undefined for a flag and a default. */
  readonly origin: string | undefined
}

/** Settings with the source of each value. */
export interface ResolvedSettings {
  readonly values: Settings
  readonly sources: Readonly<Record<keyof Settings, Source>>
  /** See `ResolvedSetting`. */
  readonly origins: Readonly<Record<keyof Settings, string | undefined>>
}

/**
 * Settings from flag, environment, files and default, each from the first that has a value.
 * @throws {VezaError} `usage` for a bad variable, `config` for a bad value in a file; both name it.
 */
export function resolveSettings(layers: Layers): ResolvedSettings {
  const values: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  const origins: Record<string, string | undefined> = {}
  for (const name of SETTING_NAMES) {
    const {value, source, origin} = resolveSetting(name, layers)
    values[name] = value
    sources[name] = source
    origins[name] = origin
  }
  return {values, sources, origins} as unknown as ResolvedSettings
}

/** One setting. @throws {VezaError} as `resolveSettings`. */
export function resolveSetting<K extends keyof Settings>(
  name: K,
  {flags, environment, stored}: Layers,
): ResolvedSetting<Settings[K]> {
  const definition: Definition<Settings[K]> = DEFINITIONS[name]
  const given = flags[name]
  if (given !== undefined) return {value: given, source: 'flag', origin: undefined}
  for (const variable of definition.env) {
    const text = environment.get(variable)
    if (text !== undefined) {
      return {value: definition.kind.parse(text, variable), source: 'environment', origin: variable}
    }
  }
  for (const {source, origin, label, content} of stored) {
    const value = Object.hasOwn(content, definition.key) ? content[definition.key] : undefined
    if (value !== undefined) return {value: parseStored(definition, value, label), source, origin}
  }
  return {value: definition.fallback, source: 'default', origin: undefined}
}

function parseStored<T>({key, kind}: Definition<T>, stored: unknown, place: string): NonNullable<T> {
  const label = `${key} in ${place}`
  if (!['string', 'number', 'boolean'].includes(typeof stored)) {
    throw new VezaError('config', `${label} is no text, number or switch`)
  }
  try {
    return kind.parse(String(stored), label)
  } catch (error) {
    if (!(error instanceof VezaError)) throw error
    throw new VezaError('config', error.message, {hint: error.hint, cause: error})
  }
}
