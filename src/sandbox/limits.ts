import {SandboxError} from './errors.js'

interface Rule {
  /** What X-RateLimit-Limit says: how many in the period. */
  readonly limit: number
  readonly periodMs: number
  /** How many at once. */
  readonly burst: number
}

/** Section 3. */
const RULES = {
  message: {limit: 60, periodMs: 60_000, burst: 10},
  request: {limit: 100, periodMs: 60_000, burst: 100},
  login: {limit: 5, periodMs: 300_000, burst: 5},
} as const satisfies Record<string, Rule>

type RuleName = keyof typeof RULES

interface Bucket {
  tokens: number
  atMs: number
}

/** What the X-RateLimit-* headers say. */
interface Allowance {
  readonly limit: number
  readonly remaining: number
  /** When nothing is used up any more, seconds since 1970. */
  readonly resetAt: number
}

/** 429, with how many seconds to wait. */
export class RateLimitError extends SandboxError {
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    readonly allowance: Allowance,
  ) {
    super(429, 'RATE_LIMIT_EXCEEDED', message, {retry_after: retryAfterSeconds})
  }
}

/** The X-RateLimit-* headers of section 3. */
export function rateHeaders(allowance: Allowance): Record<string, number> {
  return {
    'x-ratelimit-limit': allowance.limit,
    'x-ratelimit-remaining': allowance.remaining,
    'x-ratelimit-reset': allowance.resetAt,
  }
}

const BUCKETS_MAX = 10_000

/** Token buckets in memory: one for each rule and each user, address or name. */
export class Limiter {
  readonly #buckets = new Map<string, Bucket>()

  constructor(readonly now: () => number) {}

  /** Takes one token. Throws RATE_LIMIT_EXCEEDED with `details.retry_after` in seconds when there is none. */
  take(name: RuleName, key: string | number): Allowance {
    const rule = RULES[name]
    const bucket = this.#bucket(`${name} ${key}`, rule)
    const msPerToken = rule.periodMs / rule.limit
    if (bucket.tokens < 1) {
      const retryAfter = Math.max(1, Math.ceil(((1 - bucket.tokens) * msPerToken) / 1000))
      throw new RateLimitError(`Too many ${name}s`, retryAfter, this.#allowance(rule, bucket))
    }
    bucket.tokens -= 1
    return this.#allowance(rule, bucket)
  }

  #bucket(key: string, rule: Rule): Bucket {
    const nowMs = this.now()
    const known = this.#buckets.get(key)
    if (!known) {
      if (this.#buckets.size >= BUCKETS_MAX) this.#buckets.clear()
      const bucket = {tokens: rule.burst, atMs: nowMs}
      this.#buckets.set(key, bucket)
      return bucket
    }
    const gained = (Math.max(0, nowMs - known.atMs) * rule.limit) / rule.periodMs
    known.tokens = Math.min(rule.burst, known.tokens + gained)
    known.atMs = nowMs
    return known
  }

  #allowance(rule: Rule, bucket: Bucket): Allowance {
    const refillMs = ((rule.burst - bucket.tokens) * rule.periodMs) / rule.limit
    return {
      limit: rule.limit,
      remaining: Math.floor(bucket.tokens),
      resetAt: Math.ceil((bucket.atMs + refillMs) / 1000),
    }
  }
}
