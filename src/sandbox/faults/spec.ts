/** When a kind of fault finds something to strike. */
export type Occasion =
  /** At once; with `ratio` at a broadcast, with `everyMs` again and again. */
  | 'moment'
  /** At a broadcast: an event that goes to the sockets of a room or of some users. */
  | 'broadcast'
  /** At a message that is stored. */
  | 'message'
  /** At a REST call. */
  | 'call'

/** What may be said of a fault, by the name that flags and the control route use. */
export type FaultOption = 'count' | 'ratio' | 'for' | 'every' | 'room' | 'code' | 'method' | 'path'

interface KindRule {
  readonly occasion: Occasion
  /** Beside `count` and `ratio`, which every kind takes. */
  readonly options: readonly FaultOption[]
}

const CALL = ['method', 'path'] as const

const KIND_RULES = {
  /** Every open WebSocket is cut without a closing handshake. */
  drop: {occasion: 'moment', options: ['every', 'room']},
  /** Every open WebSocket is closed with `code`. */
  close: {occasion: 'moment', options: ['every', 'room', 'code']},
  /** For `durationMs` nothing is sent to the sockets that are open, pongs neither, and nothing read from them. */
  silent: {occasion: 'moment', options: ['every', 'room', 'for']},
  /** For `durationMs` each new connection is reset, REST and WebSocket. */
  refuse: {occasion: 'moment', options: ['every', 'for']},
  /** For `durationMs` nothing listens; sockets are closed with 1001, calls under way are cut, the state is kept. */
  restart: {occasion: 'moment', options: ['every', 'for']},
  /** All access tokens issued until now count as expired, and the sockets that they opened are closed with 1008. */
  expire: {occasion: 'moment', options: ['every']},
  /** A broadcast is sent to nobody; with `ratio` each single socket misses it with that chance. */
  swallow: {occasion: 'broadcast', options: ['room']},
  /** A broadcast is sent twice. */
  duplicate: {occasion: 'broadcast', options: ['room']},
  /** A broadcast changes places with the next of the same room; it waits for that one for `durationMs` at most. */
  reorder: {occasion: 'broadcast', options: ['room', 'for']},
  /** From this broadcast on all are held for `durationMs`, then sent in their order. */
  delay: {occasion: 'broadcast', options: ['room', 'for']},
  /** A broken frame goes before a broadcast. */
  garbage: {occasion: 'broadcast', options: ['room']},
  /** A message is stored and acknowledged, but for `durationMs` in no history and not broadcast: later ones overtake it. */
  late: {occasion: 'message', options: ['room', 'for']},
  /** A call is answered with 429; `durationMs` is what it asks to wait. */
  rate_limit: {occasion: 'call', options: [...CALL, 'for']},
  /** A call is answered by a proxy's HTML page with 502, 503 or 504; the server does not act. */
  html: {occasion: 'call', options: CALL},
  /** The server acts; its answer breaks off in the middle of the body. */
  truncate: {occasion: 'call', options: CALL},
  /** A call has no answer for `durationMs`, then its connection is reset; the server does not act. */
  hang: {occasion: 'call', options: [...CALL, 'for']},
  /** The connection of a call is reset; the server does not act. */
  reset_before: {occasion: 'call', options: CALL},
  /** The server acts; then the connection is reset instead of an answer. */
  reset_after: {occasion: 'call', options: CALL},
  /** The server acts; then a proxy's HTML page with 502 is the answer. */
  error_after: {occasion: 'call', options: CALL},
} as const satisfies Record<string, KindRule>

/** What can go wrong. */
export type FaultKind = keyof typeof KIND_RULES

/** The kinds, in the order of the documentation. */
export const FAULT_KINDS = Object.keys(KIND_RULES) as readonly FaultKind[]

/** One fault to arm. What a kind has no use for must be absent. */
export interface FaultSpec {
  readonly kind: FaultKind
  /** How often it strikes at most. Default: once; without end where `ratio` or `everyMs` is given. */
  readonly count?: number | undefined
  /** The chance, above 0 and up to 1, that it strikes at an occasion. Default: at each, until `count` is used up. */
  readonly ratio?: number | undefined
  /** How long it lasts, for the kinds that last. Default 1,000. */
  readonly durationMs?: number | undefined
  /** Strikes each time so long has passed, for the kinds that strike at once. */
  readonly everyMs?: number | undefined
  /** Only broadcasts and messages to this room, or sockets that joined it. Default: all. */
  readonly roomId?: number | undefined
  /** How `close` closes. Default 1012. */
  readonly code?: number | undefined
  /** Only calls with this method. Default: all. */
  readonly method?: string | undefined
  /** Only calls whose path, without `/api/v1`, begins so; `/ws` for WebSocket handshakes. Default: every REST call. */
  readonly path?: string | undefined
}

/** The field of a spec that each option fills. */
export const OPTION_FIELDS = {
  count: 'count',
  ratio: 'ratio',
  for: 'durationMs',
  every: 'everyMs',
  room: 'roomId',
  code: 'code',
  method: 'method',
  path: 'path',
} as const satisfies Record<FaultOption, keyof FaultSpec>

/** When a fault of this kind finds something to strike. */
export const occasionOf = (kind: FaultKind): Occasion => KIND_RULES[kind].occasion

/** The options that a kind takes. */
export const optionsOf = (kind: FaultKind): readonly FaultOption[] => [
  'count',
  'ratio',
  ...KIND_RULES[kind].options,
]

/** How long a fault lasts whose spec does not say it. */
export const DEFAULT_DURATION_MS = 1_000
