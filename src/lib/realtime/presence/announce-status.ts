import {systemTimers, type Timers} from '../connection/heartbeat.js'
import type {FeedOptions} from '../feed/feed-types.js'
import {endingOfError} from '../reconnect/reconnect.js'
import {type SessionEnd, supervise} from '../reconnect/supervise.js'
import {StatusSession, type StatusUpdate} from './status-session.js'

/** What announcing needs, as a feed does. */
export type AnnounceOptions = Pick<
  FeedOptions,
  'connect' | 'effects' | 'firstReconnects' | 'firstDelayMs' | 'maxDelayMs'
> & {
  readonly signal: AbortSignal
  /** Told of each attempt that failed and is followed by another one. */
  readonly onRetry: (error: unknown) => void
  /** Default: the real ones. */
  readonly timers?: Timers
}

/**
 * Tells the server a status (section 5 of the contract) and resolves once it has been handled. To say it twice does no harm,
 * so it is tried again where that may help (see `reconnect.ts`).
 * @throws {VezaError} what the server, the network or the signal has against it.
 */
export async function announceStatus(update: StatusUpdate, options: AnnounceOptions): Promise<void> {
  const {connect, signal, onRetry, timers = systemTimers} = options
  const done = new AbortController()
  const attempt = async (about: {readonly tokenRefused: boolean}): Promise<SessionEnd> => {
    const unproven = {proven: false, live: false}
    try {
      const {connection, token} = await connect(signal, about)
      const ending = await new StatusSession(connection, timers).run(token, update, signal)
      if (ending !== undefined) return {...ending, ...unproven}
      done.abort()
      return {...endingOfError(undefined), proven: true, live: true}
    } catch (error) {
      return {...endingOfError(error), ...unproven}
    }
  }
  const either = AbortSignal.any([signal, done.signal])
  await supervise({...options, attempt, signal: either, onEvent: ({error}) => onRetry(error)})
  if (!done.signal.aborted) signal.throwIfAborted()
}
