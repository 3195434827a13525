import {setTimeout as sleep} from 'node:timers/promises'
import {anySignal, throwIfAborted} from './abort.js'
import {type Credentials, type FailedTry, type Settings, type Try, tryOnce} from './attempt.js'
import {tryDownload} from './download.js'
import {RateWaits} from './rate-waits.js'
import {mayHaveActed, retryDelayMs} from './retry-policy.js'
import type {
  HttpAnswer,
  HttpClient,
  HttpClientOptions,
  HttpEffects,
  HttpMethod,
  HttpRequest,
} from './types.js'
import {displayUrl, requestUrl} from './url.js'

const REAL_EFFECTS: HttpEffects = {
  now: Date.now,
  random: Math.random,
  sleep: (delayMs, signal) => sleep(delayMs, undefined, {signal}),
}

/** What is not to be executed twice unless the caller says so. */
const ONCE: ReadonlySet<HttpMethod> = new Set(['POST', 'PATCH'])

/**
 * Makes the REST pipeline (sections 1 and 3 of the contract): credentials, the request, envelope to data or error, one renewal
 * and one repeat after a 401, and repeats of what is safe to repeat.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const settings: Settings = {
    ...options,
    effects: options.effects ?? REAL_EFFECTS,
    timeoutMs: options.timeoutMs ?? 30_000,
    stallTimeoutMs: options.stallTimeoutMs ?? 30_000,
  }
  return {
    request: request => run(settings, request, credentials => tryOnce(settings, request, credentials)),
    download: request =>
      run(settings, {method: 'GET', path: request.path, signal: request.signal}, credentials =>
        tryDownload(settings, request, credentials),
      ),
  }
}

/** Tries until there is an answer, or nothing is left to be tried. */
async function run<A extends Pick<HttpAnswer, 'headers'>>(
  settings: Settings,
  request: HttpRequest,
  tryIt: (credentials: Credentials) => Promise<Try<A>>,
): Promise<A> {
  const {method} = request
  const url = displayUrl(requestUrl(settings.restBase, request))
  const waits = new RateWaits(settings, request)
  let renewed = false
  let placed = false
  let inDoubt = false
  for (let attempt = 1; ; ) {
    throwIfAborted(settings.signal, request.signal)
    // Who is not signed in must not wait to hear it, and in a long wait a token runs out.
    let credentials = await credentialsFor(settings, request)
    if (!placed && (await waits.place())) credentials = await credentialsFor(settings, request)
    placed = true
    await request.beforeTry?.()
    settings.onEvent?.({type: 'attempt', method, url, attempt})
    const result = await tryIt(credentials)
    await waits.learn(result)
    if (result.ok) return result.answer
    if (request.multipart?.file.once) throw result.error
    // What an earlier try may have done, a later one does not take back.
    inDoubt ||= mayHaveActed(result.outcome)
    if (!renewed && (await renew(settings, request, result))) renewed = true
    else {
      await waitOrThrow(settings, request, {failed: result, attempt: attempt++, waits, inDoubt})
      placed = false
    }
  }
}

async function credentialsFor({tokens, signal}: Settings, request: HttpRequest): Promise<Credentials> {
  return request.anonymous ? undefined : tokens?.headers(request.signal ?? signal)
}

/** After a 401, and only then: a network failure says nothing about the token. */
async function renew(
  {tokens, signal}: Settings,
  request: HttpRequest,
  {error, used}: FailedTry,
): Promise<boolean> {
  if (error.status !== 401 || used === undefined || tokens === undefined) return false
  return tokens.renew(used, request.signal ?? signal)
}

interface Failure {
  readonly failed: FailedTry
  /** The number of the try, from 1. */
  readonly attempt: number
  readonly waits: RateWaits
  /** Whether this try or one before it may have been executed. */
  readonly inDoubt: boolean
}

async function waitOrThrow(
  settings: Settings,
  request: HttpRequest,
  {failed, attempt, waits, inDoubt}: Failure,
): Promise<void> {
  const {retries = 3, retryDelayMs: firstDelayMs, maxRetryDelayMs: maxDelayMs, effects} = settings
  const limits = {retries, maxWaitMs: waits.leftMs, firstDelayMs, maxDelayMs}
  const repeatable = request.repeatable ?? !ONCE.has(request.method)
  const delayMs = retryDelayMs(attempt, repeatable, failed.outcome, limits, effects.random())
  if (delayMs === undefined) throw inDoubt ? failed.error.inDoubt() : failed.error
  if (waits.holdsBack(failed)) return
  waits.add(failed.error.retryAfterMs)
  settings.onEvent?.({type: 'waiting', delayMs, reason: failed.error.message})
  const signals = [settings.signal, request.signal].filter(signal => signal !== undefined)
  try {
    await effects.sleep(delayMs, anySignal(signals))
  } catch (error) {
    throwIfAborted(...signals)
    throw error
  }
}
