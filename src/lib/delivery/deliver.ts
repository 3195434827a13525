import type {Message} from '../../contract/resources.js'
import {VezaError} from '../errors/veza-error.js'
import {findSent} from './find-sent.js'
import type {MessagePort, Outgoing, Receipt} from './types.js'

/** Clocks and servers differ by as much, and a message may be stored a little before our first try is noted. */
const CLOCK_MARGIN_MS = 120_000
/** The server's clock is known from its `Date` header, which counts seconds. */
const DATE_MARGIN_MS = 2_000
/** What may have come after our message while we tried: 1,000 messages. */
const LOOK_BACK_PAGES = 10
/** Looks after each failed try: a server that was only slow has the message by the second. */
const LOOKS = 2

/** How a message is delivered. */
export interface DeliverOptions {
  readonly port: MessagePort
  /** Tries after the first. */
  readonly retries: number
  /** Before the first look after a failed try, doubled for each further one. Default 500 ms. */
  readonly firstDelayMs?: number | undefined
  /** Longest such delay. Default 30 s. */
  readonly maxDelayMs?: number | undefined
  readonly effects: DeliverEffects
  /** Told before each wait. */
  readonly onDoubt?: ((error: VezaError, delayMs: number) => void) | undefined
}

/** Clock, chance and waiting, so that tests hold all three. */
export interface DeliverEffects {
  /** Milliseconds since 1970, by the server's clock as far as it is known. */
  now(): number
  /** At least 0, less than 1. */
  random(): number
  /** Waits; rejects when the command is ended. */
  sleep(delayMs: number): Promise<void>
}

/**
 * Sends a message so that it is there once, on a server that drops a repeated `client_id` and on one that does not: after
 * a failure that leaves open whether the server acted, history is searched for the `client_id` before anything is sent
 * again. Never sends while it is not known whether the last try arrived: when that cannot be found out in `retries`
 * rounds, the outcome is `unknown`.
 * @throws {VezaError} a failure after which the message is certainly not there.
 */
export async function deliver(outgoing: Outgoing, options: DeliverOptions): Promise<Receipt> {
  const {clientId} = outgoing
  const firstTryMs = options.effects.now()
  const sinceMs = firstTryMs - CLOCK_MARGIN_MS
  for (let attempt = 1; ; attempt++) {
    const sent = await trySending(outgoing, options.port)
    if ('message' in sent) return {outcome: outcomeOf(sent.message, sinceMs), clientId, message: sent.message}
    const looked = await lookUp(outgoing, options, {attempt, firstTryMs, error: sent.doubt})
    if (looked === 'unknown') return {outcome: 'unknown', clientId, error: sent.doubt}
    if (looked !== 'absent') return {outcome: 'created', clientId, message: looked}
    if (attempt > options.retries) throw sent.doubt
  }
}

/** A server that drops repeats answers with the message it has: one from before the first try is of an earlier run. */
function outcomeOf({created_at}: Message, sinceMs: number): 'created' | 'duplicate' {
  return Date.parse(created_at ?? '') < sinceMs ? 'duplicate' : 'created'
}

async function trySending(
  outgoing: Outgoing,
  port: MessagePort,
): Promise<{readonly message: Message} | {readonly doubt: VezaError}> {
  try {
    return {message: await port.send(outgoing)}
  } catch (error) {
    if (error instanceof VezaError && error.mayHaveActed) return {doubt: error}
    throw error
  }
}

interface Doubt {
  readonly attempt: number
  readonly firstTryMs: number
  readonly error: VezaError
}

/** Waits and looks, `LOOKS` times where history can be read; as often as there are retries where it cannot. */
async function lookUp(
  outgoing: Outgoing,
  options: DeliverOptions,
  {attempt, firstTryMs, error}: Doubt,
): Promise<Message | 'absent' | 'unknown'> {
  const {port, retries, effects, onDoubt} = options
  const lookBack = {
    sinceMs: firstTryMs - CLOCK_MARGIN_MS,
    twinsSinceMs: firstTryMs - DATE_MARGIN_MS,
    maxPages: LOOK_BACK_PAGES,
  }
  let looks = 0
  let failures = 0
  while (looks < LOOKS && failures <= retries) {
    const delayMs = delayBefore(attempt + looks + failures, options)
    onDoubt?.(error, delayMs)
    await effects.sleep(delayMs)
    try {
      const found = await findSent(port, outgoing, lookBack)
      if (found !== undefined) return found
      looks += 1
    } catch (failure) {
      if (!(failure instanceof VezaError)) throw failure
      if (!failure.retryable) return 'unknown'
      failures += 1
    }
  }
  return looks >= LOOKS ? 'absent' : 'unknown'
}

/** Between half of a ceiling and all of it: a look too early is a look in vain. */
function delayBefore(
  round: number,
  {firstDelayMs = 500, maxDelayMs = 30_000, effects}: DeliverOptions,
): number {
  const ceilingMs = Math.min(maxDelayMs, firstDelayMs * 2 ** (round - 1))
  return Math.ceil(ceilingMs * (0.5 + effects.random() / 2))
}
