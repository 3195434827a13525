import {
  duration,
  filePath,
  interval,
  onOff,
  profileName,
  route,
  server,
  text,
  type ValueKind,
  wholeNumber,
  word,
} from './kinds.js'

/** The settings of a run: section 1 of the contract and what veza adds. Durations in milliseconds. */
export interface Settings {
  /** The profile in use. */
  readonly profile: string | undefined
  readonly server: string
  readonly username: string | undefined
  readonly room: string | undefined
  readonly format: 'text' | 'json'
  /** Time for the connection and for a REST call that carries no file. */
  readonly connectTimeoutMs: number
  /** Within so long a WebSocket that is silent is noticed. */
  readonly readTimeoutMs: number
  /** An upload that moves no byte for so long is dead. */
  readonly writeTimeoutMs: number
  readonly pingIntervalMs: number
  /** Tries after the first one. */
  readonly retries: number
  /** First delay before a retry; undefined: 500 ms for a call, 1 s for a connection. */
  readonly retryDelayMs: number | undefined
  /** Longest delay before a retry. */
  readonly maxRetryDelayMs: number
  /** Messages a minute; 0: as many as there are. */
  readonly rateLimit: number
  /** Longest wait of one call for the rate limit, ours or the server's. */
  readonly maxWaitMs: number
  /** An access token is renewed when less than this is left of it. */
  readonly renewBeforeMs: number
  /** The whole command may take so long; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined
  /** Begins with a slash, ends without one. */
  readonly apiPath: string
  /** Begins with a slash, ends without one. */
  readonly wsPath: string
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

/** One setting. */
export interface Definition<T> {
  /** Name in files. */
  readonly key: string
  /** Variables, ours before the guide's. */
  readonly env: readonly string[]
  readonly kind: ValueKind<NonNullable<T>>
  readonly fallback: T
  /** What it is, one line without a full stop. */
  readonly summary: string
}

function define<T>(
  key: string,
  kind: ValueKind<NonNullable<T>>,
  fallback: T,
  summary: string,
  ...guideNames: readonly string[]
): Definition<T> {
  return {key, kind, fallback, summary, env: [`VEZA_${key.toUpperCase()}`, ...guideNames]}
}

type Text = string | undefined
type Duration = number | undefined
const MAX_UPLOAD_BYTES = 100 * 1024 * 1024

/** Every setting: its key in files, its variables, its reader, its default (section 1 of the contract) and what it is. */
export const DEFINITIONS: {readonly [K in keyof Settings]: Definition<Settings[K]>} = {
  profile: define<Text>('profile', profileName, undefined, 'The profile in use'),
  server: define('server', server, 'http://localhost:8080', 'Address of the server', 'CHAT_SERVER_URL'),
  username: define<Text>('username', text, undefined, 'The account to use', 'BOT_USERNAME'),
  room: define<Text>('room', text, undefined, 'The room where none is given: id, name or #name'),
  format: define<'text' | 'json'>(
    'format',
    word('text', 'json'),
    'text',
    'How data is printed; json is --json',
  ),
  connectTimeoutMs: define(
    'connect_timeout',
    interval,
    30_000,
    'Longest wait for a connection, and for the answer to a call that carries no file',
  ),
  readTimeoutMs: define(
    'read_timeout',
    interval,
    60_000,
    'Within so long a WebSocket that is silent is noticed',
  ),
  writeTimeoutMs: define(
    'write_timeout',
    interval,
    30_000,
    'An upload that moves no byte for so long is dead',
  ),
  pingIntervalMs: define('ping_interval', interval, 30_000, 'Time between two pings on a WebSocket'),
  retries: define('retries', wholeNumber(0, 100), 3, 'Tries after the first one'),
  retryDelayMs: define<Duration>(
    'retry_delay',
    interval,
    undefined,
    'First delay before a retry, doubled each time; without it 500ms for a call and 1s for a connection',
  ),
  maxRetryDelayMs: define('max_retry_delay', interval, 300_000, 'Longest delay before a retry'),
  rateLimit: define(
    'rate_limit',
    wholeNumber(0),
    60,
    'Messages sent a minute by all commands of the account together, 0 for no limit',
  ),
  maxWaitMs: define(
    'max_wait',
    duration,
    300_000,
    'Longest wait of a call for the rate limit, and for a server that asks to come back later',
  ),
  renewBeforeMs: define(
    'renew_before',
    duration,
    30_000,
    'An access token is renewed when less than this is left of it',
  ),
  timeoutMs: define<Duration>('timeout', duration, undefined, 'End a command after so long'),
  apiPath: define('api_path', route, '/api/v1', 'Where on the server the REST API is'),
  wsPath: define('ws_path', route, '/ws', 'Where on the server the WebSocket is'),
  ca: define<Text>('ca', filePath, undefined, 'File with certificates to trust, too'),
  cert: define<Text>('cert', filePath, undefined, 'File with the client certificate'),
  key: define<Text>('key', filePath, undefined, 'File with the key of the client certificate'),
  insecure: define('insecure', onOff, false, 'Do not verify the TLS certificate; never from a file'),
  requireKeychain: define(
    'require_keychain',
    onOff,
    false,
    'Keep a new session in the keychain or not at all',
  ),
  passphraseFile: define<Text>(
    'passphrase_file',
    filePath,
    undefined,
    'File with the passphrase of the encrypted session file',
  ),
  maxUploadBytes: define(
    'max_upload',
    wholeNumber(0),
    MAX_UPLOAD_BYTES,
    'Largest file sent, in bytes; 0 for any size',
  ),
}

/** The names of all settings, in the order in which they are shown. */
export const SETTING_NAMES = Object.keys(DEFINITIONS) as (keyof Settings)[]

/** What the user file may set. `insecure` must be said each time. */
export const USER_KEYS: readonly string[] = SETTING_NAMES.map(name => DEFINITIONS[name].key).filter(
  key => key !== 'insecure',
)

/** What a profile may set. */
export const PROFILE_KEYS: readonly string[] = USER_KEYS.filter(key => key !== 'profile')

/** What a project file may set: nothing that weakens the connection or tells who one is. */
export const PROJECT_KEYS: readonly string[] = ['server', 'profile', 'room', 'format']
