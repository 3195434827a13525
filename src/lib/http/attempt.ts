import {VezaError} from '../errors/veza-error.js'
import {throwIfAborted} from './abort.js'
import {createDeadline, type Deadline} from './deadline.js'
import {type RawAnswer, readAnswer} from './envelope.js'
import {openUpload, type Upload} from './multipart.js'
import {networkFailure} from './network-error.js'
import {printable} from './printable.js'
import {httpDateMs} from './retry-after.js'
import type {Outcome} from './retry-policy.js'
import {exchange, NoAnswer} from './transport.js'
import type {HttpAnswer, HttpClientOptions, HttpEffects, HttpRequest} from './types.js'
import {displayUrl, redirectTarget, requestUrl} from './url.js'

const MAX_REDIRECTS = 5

/** The options of a client, with those defaults filled in that a try needs. */
export interface Settings extends HttpClientOptions {
  readonly effects: HttpEffects
  readonly timeoutMs: number
  readonly stallTimeoutMs: number
}

/** A try that failed. */
export interface FailedTry {
  readonly ok: false
  readonly error: VezaError
  readonly outcome: Outcome
  /** The credentials that were refused or not, if the answer was given to any. */
  readonly used?: Credentials
  /** Of the answer, if there was one. */
  readonly headers?: HttpAnswer['headers']
}

/** How one try ended. */
export type Try<A = HttpAnswer> = {readonly ok: true; readonly answer: A} | FailedTry

/** Headers that authenticate a request; undefined for an anonymous one. */
export type Credentials = Readonly<Record<string, string>> | undefined

/** What the steps of one try share. */
interface Attempt {
  readonly settings: Settings
  readonly request: HttpRequest
  readonly credentials: Credentials
  readonly deadline: Deadline
  readonly limitMs: number
  readonly upload: Upload | undefined
}

/**
 * Tries a request once, with the redirects of a GET. Network failures and answers that stand for an error are returned;
 * thrown is what no repetition mends: a signal that fired, an unreadable file, an answer that is too large.
 */
export async function tryOnce(
  settings: Settings,
  request: HttpRequest,
  credentials: Credentials,
): Promise<Try> {
  const limitMs = request.multipart ? settings.stallTimeoutMs : (request.timeoutMs ?? settings.timeoutMs)
  const {multipart} = request
  let upload: Upload | undefined
  const deadline = createDeadline(
    limitMs,
    [settings.signal, request.signal],
    () => upload?.waitsForSource === true,
  )
  try {
    const events = {onBytes: deadline.touch, onFailure: deadline.abort}
    upload = multipart === undefined ? undefined : await openUpload(multipart, events)
    const attempt: Attempt = {settings, request, credentials, deadline, limitMs, upload}
    const {answer, url} = await follow(request.method, requestUrl(settings.restBase, request), target =>
      send(attempt, target),
    )
    return judge(attempt, answer, url)
  } catch (error) {
    throwIfAborted(settings.signal, request.signal)
    if (upload?.failure) throw upload.failure
    if (error instanceof NoAnswer) return unanswered({settings, deadline, limitMs, upload}, error)
    throw error
  } finally {
    deadline.release()
    upload?.close()
  }
}

/**
 * Sends a request, and a GET once more to where its answer redirects it. Resolves to the answer that is no redirect, and to where it
 * came from. Throws `not_protocol` after five redirects, and for one that would leave TLS.
 */
export async function follow<A extends Pick<RawAnswer, 'status' | 'headers'>>(
  method: string,
  start: URL,
  sendTo: (url: URL) => Promise<A>,
): Promise<{readonly answer: A; readonly url: URL}> {
  let url = start
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await sendTo(url)
    const target = redirectTarget(method, answer.status, answer.headers.location, url)
    if (target === undefined) return {answer, url}
    if (url.protocol === 'https:' && target.protocol === 'http:') throw leavesTls(target)
    url = target
  }
  throw new VezaError('not_protocol', `the server redirects more than ${MAX_REDIRECTS} times`, {
    hint: 'check --server (VEZA_SERVER)',
  })
}

function leavesTls(target: URL): VezaError {
  return new VezaError(
    'not_protocol',
    `the server redirects from https to ${printable(target.origin, 200)}`,
    {
      hint: 'whoever runs the server must mend that: what comes over http can have been changed on its way',
    },
  )
}

async function send(attempt: Attempt, url: URL): Promise<RawAnswer> {
  const {settings, request, deadline, upload} = attempt
  const startMs = settings.effects.now()
  const agent = await settings.agentFor(url)
  await request.beforeTry?.()
  const raw = await exchange({
    method: request.method,
    url,
    headers: {...contentHeaders(attempt), ...credentialsTo(settings, attempt.credentials, url)},
    body:
      upload?.stream ?? (request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body))),
    agent,
    signal: deadline.signal,
  })
  report(settings, request.method, url, raw, startMs)
  return raw
}

/** A token goes to the configured server only, not to where a redirect leads. */
export function credentialsTo({restBase}: Settings, credentials: Credentials, url: URL): Credentials {
  return url.origin === new URL(restBase).origin ? credentials : undefined
}

function contentHeaders({settings, request, upload}: Attempt): Record<string, string> {
  return {
    ...request.headers,
    accept: 'application/json',
    'user-agent': settings.userAgent,
    ...(request.body === undefined ? {} : {'content-type': 'application/json'}),
    ...upload?.headers,
  }
}

/** Tells of an answer that came, and of the server's clock. */
export function report(
  settings: Settings,
  method: string,
  url: URL,
  {status, headers}: Pick<RawAnswer, 'status' | 'headers'>,
  startMs: number,
): void {
  const nowMs = settings.effects.now()
  settings.onEvent?.({type: 'answer', method, url: displayUrl(url), status, durationMs: nowMs - startMs})
  const serverTimeMs = httpDateMs(headers.date)
  if (serverTimeMs !== undefined) settings.onEvent?.({type: 'clock', serverTimeMs, localTimeMs: nowMs})
}

/** What an answer with its whole body stands for. */
export function judge(
  {settings, request, credentials, upload}: Pick<Attempt, 'settings' | 'request' | 'credentials' | 'upload'>,
  raw: RawAnswer,
  url: URL,
): Try {
  const used = credentialsTo(settings, credentials, url)
  const reading = readAnswer(raw, {
    method: request.method,
    uploading: upload !== undefined,
    nowMs: settings.effects.now(),
  })
  const {status, headers} = raw
  if (reading.ok) return {ok: true, answer: {status, headers, data: reading.data}}
  const {error, broken} = reading
  const outcome: Outcome = broken
    ? {kind: 'truncated'}
    : {kind: 'answer', status: error.code === 'rate_limited' ? 429 : status, retryAfterMs: error.retryAfterMs}
  return {ok: false, error, outcome, used, headers}
}

type Unanswered = Pick<Attempt, 'settings' | 'deadline' | 'limitMs' | 'upload'>

/** A try to which no answer came: why, and whether time was up. */
export function unanswered({settings, deadline, limitMs, upload}: Unanswered, failure: NoAnswer): FailedTry {
  const {sent} = failure
  const server = new URL(settings.restBase).origin
  if (!deadline.expired) {
    const {error, permanent} = networkFailure(failure.cause, server)
    return {ok: false, error, outcome: {kind: 'no_answer', sent, permanent}}
  }
  const problem = upload ? 'the upload stalled, no byte moved for' : `${server} did not answer within`
  const error = new VezaError('unreachable', `${problem} ${limitMs / 1000} s`, {
    hint: 'check the network and the server',
  })
  return {ok: false, error, outcome: {kind: 'no_answer', sent, permanent: false}}
}
