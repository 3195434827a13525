import {VezaError} from '../errors/veza-error.js'
import {throwIfAborted} from './abort.js'
import {
  type Credentials,
  credentialsTo,
  follow,
  judge,
  report,
  type Settings,
  type Try,
  unanswered,
} from './attempt.js'
import {contentRange} from './content-range.js'
import {createDeadline, type Deadline} from './deadline.js'
import {downloadBody} from './download-body.js'
import type {RawAnswer} from './envelope.js'
import {printable} from './printable.js'
import {readBody} from './read-body.js'
import {NoAnswer, type OpenAnswer, openExchange} from './transport.js'
import type {Download, DownloadRequest, HttpRequest} from './types.js'
import {requestUrl} from './url.js'

/** An answer of bytes, or one that was read: an error or a redirect. */
type Answer = OpenAnswer | RawAnswer

/** What the steps of one try share. */
interface Attempt {
  readonly settings: Settings
  readonly request: DownloadRequest
  readonly credentials: Credentials
  readonly deadline: Deadline
}

/**
 * Tries a download once, up to the first byte of the body, with its redirects. As `tryOnce` it returns what a repetition may
 * mend; thrown are `not_protocol` for an answer that is not what was asked for, and the reason of a signal.
 */
export async function tryDownload(
  settings: Settings,
  request: DownloadRequest,
  credentials: Credentials,
): Promise<Try<Download>> {
  const limitMs = settings.timeoutMs
  const deadline = createDeadline(limitMs, [settings.signal, request.signal])
  const attempt: Attempt = {settings, request, credentials, deadline}
  try {
    const {answer, url} = await follow('GET', requestUrl(settings.restBase, request), target =>
      send(attempt, target),
    )
    return 'text' in answer
      ? refusal(attempt, answer, url)
      : {ok: true, answer: accepted(attempt, answer, url)}
  } catch (error) {
    throwIfAborted(settings.signal, request.signal)
    if (error instanceof NoAnswer) return unanswered({settings, deadline, limitMs, upload: undefined}, error)
    throw error
  } finally {
    deadline.release()
  }
}

async function send({settings, request, credentials, deadline}: Attempt, url: URL): Promise<Answer> {
  const startMs = settings.effects.now()
  const answer = await openExchange({
    method: 'GET',
    url,
    headers: {
      ...wishes(request),
      'user-agent': settings.userAgent,
      ...credentialsTo(settings, credentials, url),
    },
    agent: await settings.agentFor(url),
    signal: deadline.signal,
    decompress: false,
  })
  report(settings, 'GET', url, answer, startMs)
  if (answer.status >= 200 && answer.status < 300) return answer
  const {body, ...head} = answer
  return {...head, ...(await readBody(body))}
}

/** Unpacked bytes could not be counted from a given one. */
function wishes({fromByte = 0, ifRange}: DownloadRequest): Record<string, string> {
  const plain = {accept: '*/*', 'accept-encoding': 'identity'}
  if (fromByte === 0) return plain
  return {...plain, range: `bytes=${fromByte}-`, ...(ifRange === undefined ? {} : {'if-range': ifRange})}
}

function refusal({settings, request, credentials}: Attempt, answer: RawAnswer, url: URL): Try<Download> {
  const get: HttpRequest = {method: 'GET', path: request.path}
  const result = judge({settings, request: get, credentials, upload: undefined}, answer, url)
  if (!result.ok) return result
  throw new Error('an answer outside 2xx was no failure')
}

function accepted({settings, request}: Attempt, answer: OpenAnswer, url: URL): Download {
  const {headers, body} = answer
  const problem = misfit(answer, request.fromByte ?? 0)
  if (problem !== undefined) {
    body.destroy()
    throw new VezaError('not_protocol', `${problem} (HTTP ${answer.status})`, {
      status: answer.status,
      hint: 'check that --server (VEZA_SERVER) names a Veza chat server, and a proxy on the way',
    })
  }
  const bytes = downloadBody({
    stream: body,
    expectedBytes: expectedBytes(headers),
    server: url.origin,
    stallTimeoutMs: settings.stallTimeoutMs,
    signals: [settings.signal, request.signal],
  })
  return {status: answer.status === 206 ? 206 : 200, headers, body: bytes}
}

/** Why the bytes that come are not those that were asked for. */
function misfit({status, headers}: OpenAnswer, fromByte: number): string | undefined {
  const coding = headers['content-encoding'] ?? 'identity'
  if (coding.toLowerCase() !== 'identity') return `the file came packed as ${printable(coding, 40)}`
  if (status === 200) return undefined
  if (status !== 206) return 'the answer is no file'
  const range = contentRange(headers['content-range'])
  if (range === undefined) return 'the answer does not say which part of the file it is'
  return range.fromByte === fromByte ? undefined : 'another part of the file came than was asked for'
}

function expectedBytes(headers: OpenAnswer['headers']): number | undefined {
  const length = headers['content-length']
  if (length !== undefined && /^\d{1,15}$/.test(length)) return Number(length)
  const range = contentRange(headers['content-range'])
  return range === undefined ? undefined : range.toByte + 1 - range.fromByte
}
