/**
 * First ceiling. The guide starts at 5 s, which makes each blip of a network a gap of seconds for whoever reads along,
 * while most of these are over within one. With doubling the ceiling passes the guide's 5 s at the fourth attempt, so a
 * server that stays away sees three more attempts in all, and with full jitter not all clients at once.
 */
const FIRST_MS = 1_000
/** Highest ceiling and longest delay, section 1 of the contract. */
const CAP_MS = 300_000

/**
 * A server that is simply not there is looked for every few seconds, since it is mostly a restart, and who reads along
 * should have what was missed within 5 s of its return: a delay below 4 s leaves one for the connection and history.
 *
 * What that costs: where nothing listens, an attempt is a packet and its refusal, answered by the kernel, so a thousand
 * clients at one attempt in 2 s are a thousand small packets a second for two minutes, to a machine that serves nobody.
 * And the herd after the return: full jitter spreads it over 4 s, which is as even as any wider spread, four times as
 * dense as with 16 s; a server for which that is too much says so (503, 429, 1013, Retry-After) and so is not held to it.
 */
const HELD_MS = 4_000
/** A server that is away for longer is no restart: the ceiling goes on doubling. */
const HELD_FOR_MS = 120_000

/** What the next delay follows from. */
export interface BackoffInput {
  /** The ceiling of the delay before, undefined for the first one after a live session. */
  readonly previousCeilingMs: number | undefined
  /**
   * Where no server answers at the address, at most a proxy before it, how long there has been no connection. Undefined for
   * a server that answered, be it with a 500, a 429 or a close code: it lives, and more attempts are more load.
   */
  readonly absentMs: number | undefined
  /** What the server asked for. */
  readonly retryAfterMs?: number | undefined
  /** At least 0, less than 1. */
  readonly random: number
  /** First ceiling. Default 1 s. */
  readonly firstMs?: number | undefined
  /** Default 5 minutes. */
  readonly capMs?: number | undefined
}

/** A delay, and what it was a random part of. */
export interface Backoff {
  readonly delayMs: number
  readonly ceilingMs: number
}

/**
 * How long to wait before the next attempt: full jitter, so a random part of a ceiling that doubles with each attempt
 * (section 1) and is held at 4 s in the first 2 minutes of a server that is not there. The ceiling never falls. What the
 * server asked for is added to, so that all whom it sent away do not return at once. Never above the cap: to ask a server
 * after 5 minutes, though it said an hour, costs it one refusal.
 */
export function nextBackoff(input: BackoffInput): Backoff {
  const {previousCeilingMs, absentMs, retryAfterMs = 0, random, firstMs = FIRST_MS, capMs = CAP_MS} = input
  const doubledMs = previousCeilingMs === undefined ? firstMs : previousCeilingMs * 2
  const isHeld = absentMs !== undefined && absentMs < HELD_FOR_MS
  const holdMs = isHeld ? Math.max(HELD_MS, previousCeilingMs ?? firstMs) : capMs
  const ceilingMs = Math.min(doubledMs, holdMs, capMs)
  return {ceilingMs, delayMs: Math.min(capMs, retryAfterMs + random * ceilingMs)}
}
