import {VezaError} from '../errors/veza-error.js'
import type {Environment} from './environment.js'
import {parseDuration, parseInteger, parseServer, parseSwitch} from './values.js'

/** Where a setting's value came from, strongest first. */
export type Source = 'flag' | 'environment' | 'user file' | 'default'

/** The settings of a run: section 1 of the contract and what veza adds. Durations in milliseconds. */
export interface Settings {
  readonly server: string
  readonly username: string | undefined
  readonly room: string | undefined
  /** Time for the connection and for a REST call that carries no file. */
  readonly connectTimeoutMs: number
  /** A WebSocket silent for so long is dead. */
  readonly readTimeoutMs: number
  /** An upload that moves no byte for so long is dead. */
  readonly writeTimeoutMs: number
  readonly pingIntervalMs: number
  /** Tries after the first one. */
  readonly retries: number
  /** The whole command may take so long; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined
  readonly ca: string | undefined
  readonly cert: string | undefined
  readonly key: string | undefined
  readonly insecure: boolean
  /** A new session may be kept in the keychain or not at all. */
  readonly requireKeychain: boolean
  /** File with the passphrase of the encrypted session file. */
  readonly passphraseFile: string | undefined
  /** Largest file sent, in bytes; 0 for any size. */
  readonly maxUploadBytes: number
}

interface Definition<T> {
  /** Name in the user file. */
  readonly key: string
  /** Variables, ours before the guide's. */
  readonly env: readonly string[]
  readonly parse: (text: string, label: string) => T
  readonly fallback: T
  /** Whether the user file may hold it; `insecure` must be said each time. */
  readonly inFile: boolean
}

const path = (text: string): string => text
const interval = (text: string, label: string): number => {
  const ms = parseDuration(text, label)
  if (ms === 0) throw new VezaError('usage', `${label} must be longer than 0`)
  return ms
}
const retries = (text: string, label: string): number => parseInteger(text, label, 0, 100)
const bytes = (text: string, label: string): number => parseInteger(text, label, 0)
const MAX_UPLOAD_BYTES = 100 * 1024 * 1024

function define<T>(
  key: string,
  env: readonly string[],
  parse: Definition<T>['parse'],
  fallback: T,
): Definition<T> {
  return {key, env, parse, fallback, inFile: key !== 'insecure'}
}

/** Every setting: its key in the user file, its variables, its reader and its default. */
export const DEFINITIONS: {readonly [K in keyof Settings]: Definition<Settings[K]>} = {
  server: define('server', ['VEZA_SERVER', 'CHAT_SERVER_URL'], parseServer, 'http://localhost:8080'),
  username: define<string | undefined>('username', ['VEZA_USERNAME', 'BOT_USERNAME'], path, undefined),
  room: define<string | undefined>('room', ['VEZA_ROOM'], path, undefined),
  connectTimeoutMs: define('connect_timeout', ['VEZA_CONNECT_TIMEOUT'], interval, 30_000),
  readTimeoutMs: define('read_timeout', ['VEZA_READ_TIMEOUT'], interval, 60_000),
  writeTimeoutMs: define('write_timeout', ['VEZA_WRITE_TIMEOUT'], interval, 30_000),
  pingIntervalMs: define('ping_interval', ['VEZA_PING_INTERVAL'], interval, 30_000),
  retries: define('retries', ['VEZA_RETRIES'], retries, 3),
  timeoutMs: define<number | undefined>('timeout', ['VEZA_TIMEOUT'], parseDuration, undefined),
  ca: define<string | undefined>('ca', ['VEZA_CA'], path, undefined),
  cert: define<string | undefined>('cert', ['VEZA_CERT'], path, undefined),
  key: define<string | undefined>('key', ['VEZA_KEY'], path, undefined),
  insecure: define('insecure', ['VEZA_INSECURE'], parseSwitch, false),
  requireKeychain: define('require_keychain', ['VEZA_REQUIRE_KEYCHAIN'], parseSwitch, false),
  passphraseFile: define<string | undefined>('passphrase_file', ['VEZA_PASSPHRASE_FILE'], path, undefined),
  maxUploadBytes: define('max_upload', ['VEZA_MAX_UPLOAD'], bytes, MAX_UPLOAD_BYTES),
}

/** Settings with the source of each value. */
export interface ResolvedSettings {
  readonly values: Settings
  readonly sources: Readonly<Record<keyof Settings, Source>>
}

/**
 * Settings from flag, environment, user file and default, the first that has a value.
 * @param flags values already parsed by the command's own flags; undefined where not given.
 * @param userFile the key-value pairs of the user file.
 * @throws {VezaError} `usage` for a bad variable, `config` for a bad value in the file; both name it.
 */
export function resolveSettings(
  flags: Partial<Settings>,
  environment: Environment,
  userFile: Readonly<Record<string, unknown>>,
): ResolvedSettings {
  const values: Record<string, unknown> = {}
  const sources: Record<string, Source> = {}
  for (const name of Object.keys(DEFINITIONS) as (keyof Settings)[]) {
    const found = resolveOne(name, flags, environment, userFile)
    values[name] = found.value
    sources[name] = found.source
  }
  return {values: values as unknown as Settings, sources: sources as Record<keyof Settings, Source>}
}

function resolveOne(
  name: keyof Settings,
  flags: Partial<Settings>,
  environment: Environment,
  userFile: Readonly<Record<string, unknown>>,
): {value: unknown; source: Source} {
  const definition = DEFINITIONS[name]
  if (flags[name] !== undefined) return {value: flags[name], source: 'flag'}
  for (const variable of definition.env) {
    const text = environment.get(variable)
    if (text !== undefined) return {value: definition.parse(text, variable), source: 'environment'}
  }
  const stored = userFile[definition.key]
  if (stored === undefined) return {value: definition.fallback, source: 'default'}
  return {value: fromFile(definition, stored), source: 'user file'}
}

function fromFile(definition: Definition<unknown>, stored: unknown): unknown {
  if (!definition.inFile) {
    throw new VezaError('config', `the config file must not set ${definition.key}`, {
      hint: `use --${definition.key} each time`,
    })
  }
  if (!['string', 'number', 'boolean'].includes(typeof stored)) {
    throw new VezaError('config', `${definition.key} in the config file is no text, number or switch`)
  }
  try {
    return definition.parse(String(stored), `${definition.key} in the config file`)
  } catch (error) {
    if (!(error instanceof VezaError)) throw error
    throw new VezaError('config', error.message, {hint: error.hint, cause: error})
  }
}
