import {VezaError} from '../../errors/veza-error.js'
import {type Channel, channelTitle} from '../channel.js'
import {endingOfError} from '../reconnect/reconnect.js'

/** Whether an error passes: a page that is no answer of the server comes from what stands before a server that is live. */
export function canPass(error: unknown): boolean {
  const {policy} = endingOfError(error)
  return policy === 'retry' || policy === 'unless_proven'
}

/** Whether an error says that the account has asked too often. */
export function isRateLimit(error: unknown): boolean {
  return error instanceof VezaError && error.code === 'rate_limited'
}

/** Whether an error says that a channel does not exist or that the account may not read it. */
export function isRefusal(error: unknown): error is VezaError {
  return error instanceof VezaError && (error.code === 'not_found' || error.code === 'forbidden')
}

/** A refusal that names its channel; any other error as it is. */
export function withPlace(channel: Channel, error: unknown): unknown {
  if (!isRefusal(error)) return error
  return new VezaError(error.code, `${channelTitle(channel)}: ${error.message}`, {
    ...error,
    cause: error.cause,
  })
}
