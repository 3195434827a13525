import type {Agent} from 'node:http'
import type {Readable} from 'node:stream'

/** Where the pipeline gets its credentials; implemented by `auth`, known here as an interface only. */
export interface TokenSource {
  /** Headers that authenticate the next request. Renews first what is about to expire. */
  headers(signal?: AbortSignal): Promise<Readonly<Record<string, string>>>
  /** After a 401 to a request that carried `used`: true if a newer token is there and the request may be repeated once. */
  renew(used: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<boolean>
}

/** What a server said of its own limit with the answer to a message (section 3 of the contract). */
export interface RateWords {
  /** Messages a minute it takes; 0: it names no limit. Absent: nothing is known by this answer. */
  readonly limit?: number | undefined
  /** It takes no more messages for so long. */
  readonly waitMs?: number | undefined
}

/** The budget of new messages, over REST and WebSocket alike; implemented by `state`, known here as an interface only. */
export interface RateBudget {
  /**
   * Waits until one message may be sent, first come, first served. Resolves to how long that took, in milliseconds.
   * `maxWaitMs`: a longer wait is refused at once with `rate_limited`. `reason`: why the last try was refused, to be told.
   */
  take(signal?: AbortSignal, maxWaitMs?: number, reason?: string): Promise<number>
  /** Takes over what the server said: of `waitMs` everybody who sends learns. */
  note(words: RateWords): Promise<void>
}

/** The one file of an upload. */
export interface UploadFile {
  readonly name: string
  /** Default: `application/octet-stream`. */
  readonly contentType?: string
  /** Bytes, where known; without it the body is sent chunked. */
  readonly size?: number
  /** Opens the content; called once for each try. */
  open(): Readable
  /** The content can be opened once only (stdin): such an upload is never repeated. */
  readonly once?: boolean
  /** Bytes of the file handed to the connection so far, also again from 0 in a second try. */
  onProgress?(sentBytes: number): void
}

/** A `multipart/form-data` body: text fields, then one file under the name `file`. */
export interface MultipartBody {
  readonly fields: Readonly<Record<string, string>>
  readonly file: UploadFile
}

/** The methods of the contract, and PATCH for calls it does not know yet. */
export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One REST call. */
export interface HttpRequest {
  readonly method: HttpMethod
  /** Below the REST base, starts with `/`, percent-encoded by the caller. */
  readonly path: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** Sent as JSON. */
  readonly body?: unknown
  readonly multipart?: MultipartBody
  /** Sends no token: sign-in, renewal, health. */
  readonly anonymous?: boolean
  /** Beside our own, which win. Names in lower case; never a credential, as they follow a redirect to another host. */
  readonly headers?: Readonly<Record<string, string>>
  /** Whether a second execution does no harm. Default: true, but false for POST and PATCH. */
  readonly repeatable?: boolean
  readonly signal?: AbortSignal | undefined
  /** Limit for one try, in milliseconds; default: that of the client. */
  readonly timeoutMs?: number
  /** Awaited before each try, behind all other waiting, and once more right before it is sent. What it throws ends the request. */
  readonly beforeTry?: (() => Promise<void>) | undefined
}

/** An answer of 2xx. Header names are lower case. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The envelope's data, or the bare body; undefined where the body is empty. */
  readonly data: unknown
}

/** A GET whose answer is bytes, no envelope. */
export interface DownloadRequest {
  /** Below the REST base, starts with `/`, percent-encoded by the caller. */
  readonly path: string
  /** First byte wanted. Default: 0. A server may answer with the whole all the same: 200. */
  readonly fromByte?: number | undefined
  /** Only if the file is still the one with this validator (If-Range); else the whole comes: 200. */
  readonly ifRange?: string | undefined
  /** Ends the download at any time, also a body that nobody reads. */
  readonly signal?: AbortSignal | undefined
}

/** The beginning of an answer that is bytes. */
export interface Download {
  /** 206: the range that was asked for. */
  readonly status: 200 | 206
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /**
   * The bytes as they come, to be read once. Throws VezaError `unreachable` when the connection breaks, no byte moves for the
   * stall timeout, or the body is shorter than announced. Who does not read it to its end or leaves the loop must abort the signal.
   */
  readonly body: AsyncIterable<Uint8Array>
}

/** The REST pipeline. Its calls throw VezaError; after an abort the signal's reason if that is one, else `interrupted`. */
export interface HttpClient {
  request(request: HttpRequest): Promise<HttpAnswer>
  /** Retries as `request` does, but only up to the first byte of the body. Throws `not_protocol` for any other 2xx than 200 and 206. */
  download(request: DownloadRequest): Promise<Download>
}

/** What the pipeline tells `--verbose` and `--debug`. Never carries a token, a body or a query. */
export type HttpEvent =
  | {readonly type: 'attempt'; readonly method: string; readonly url: string; readonly attempt: number}
  | {
      readonly type: 'answer'
      readonly method: string
      readonly url: string
      readonly status: number
      readonly durationMs: number
    }
  | {readonly type: 'waiting'; readonly delayMs: number; readonly reason: string}
  | {readonly type: 'clock'; readonly serverTimeMs: number; readonly localTimeMs: number}

/** The effects of the pipeline, replaced in tests. */
export interface HttpEffects {
  /** Milliseconds since the epoch. */
  now(): number
  /** 0 up to 1. */
  random(): number
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>
}

/** The connection for an address: see `createAgentFor`. */
export type AgentFor = (url: URL) => Agent | undefined | Promise<Agent | undefined>

/** Options of `createHttpClient`. */
export interface HttpClientOptions {
  /** Such as `https://host/api/v1`. */
  readonly restBase: string
  readonly tokens?: TokenSource
  /** How often a request is repeated at most. Default: 3. */
  readonly retries?: number
  /** Limit for one try without a file. Default: 30,000. */
  readonly timeoutMs?: number
  /** An upload or download that moves no byte for so long is dead. Default: 30,000. */
  readonly stallTimeoutMs?: number
  /**
   * The longest wait of one call, with all its tries, for the budget and for a server that asks to come back later; a longer
   * one fails at once. Default: 60,000.
   */
  readonly maxWaitMs?: number
  /** Holds new messages back. Default: they are sent at once. */
  readonly budget?: RateBudget | undefined
  /** Ceiling of the first delay before a repeat. Default: 500. */
  readonly retryDelayMs?: number | undefined
  /** Ceiling of all such delays. Default: 5 minutes. */
  readonly maxRetryDelayMs?: number | undefined
  readonly agentFor: AgentFor
  readonly signal?: AbortSignal
  readonly userAgent: string
  readonly effects?: HttpEffects
  onEvent?(event: HttpEvent): void
}
