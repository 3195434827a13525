import {VezaError} from '../../errors/veza-error.js'
import {ok, type Verdict} from './check.js'

/**
 * Which proxy leads to the server, for REST and WebSocket alike; its credentials are masked.
 * @param proxyFor the proxy for an address, empty for none. Default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide.
 * @throws {VezaError} `config` for an address that is none; it is not repeated.
 */
export async function checkProxy(server: string, proxyFor?: (address: string) => string): Promise<Verdict> {
  const find = proxyFor ?? (await import('proxy-from-env')).getProxyForUrl
  const proxy = find(server)
  if (proxy === '') return ok('none, the connection is direct')
  const address = URL.canParse(proxy) ? new URL(proxy) : undefined
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    throw new VezaError('config', 'the address of the proxy is not of the form http://host:port', {
      hint: 'check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY',
    })
  }
  return ok(masked(address))
}

function masked({protocol, host, username, password}: URL): string {
  const credentials = username === '' && password === '' ? '' : '***:***@'
  return `${protocol}//${credentials}${host}`
}
