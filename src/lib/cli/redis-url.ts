import type {Environment} from '../config/environment.js'
import {VezaError} from '../errors/veza-error.js'

/**
 * `VEZA_REDIS_URL`, the Redis that shares state between machines. From the environment alone: it often holds a password.
 * @throws {VezaError} `usage` when it is no such address; the text is not repeated.
 */
export function redisUrl(environment: Environment): string | undefined {
  const text = environment.get('VEZA_REDIS_URL')
  if (text === undefined || isRedis(text)) return text
  throw new VezaError('usage', 'VEZA_REDIS_URL is not the address of a Redis', {
    hint: 'write it as redis://user:password@host:6379/0, or rediss:// with TLS',
  })
}

function isRedis(text: string): boolean {
  if (!URL.canParse(text)) return false
  const {protocol, hostname, pathname, username, password} = new URL(text)
  const isAddress = /^rediss?:$/.test(protocol) && hostname !== '' && /^\/?\d*$/.test(pathname)
  return isAddress && isDecodable(username) && isDecodable(password)
}

/** A password with a percent sign has to have it written as `%25`. */
function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
