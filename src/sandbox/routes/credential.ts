import type {IncomingHttpHeaders} from 'node:http'

/** The access token or the API key of a request (section 2), or undefined. */
export function credentialOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['x-api-key']
  if (typeof key === 'string') return key
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
}
