import type {HttpRequest} from './types.js'

/** The address of a request below the REST base. User and password in the base are dropped: they would replace the token. */
export function requestUrl(restBase: string, {path, query = {}}: Pick<HttpRequest, 'path' | 'query'>): URL {
  const url = new URL(restBase.replace(/\/+$/, '') + path)
  url.username = ''
  url.password = ''
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value))
  }
  return url
}

/** An address as logs may show it: a query can hold what a person searched for. */
export function displayUrl(url: URL): string {
  return url.origin + url.pathname
}

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Where a redirect of a GET leads, if `status` and `location` are one; other methods are never sent on. */
export function redirectTarget(
  method: string,
  status: number,
  location: string | undefined,
  from: URL,
): URL | undefined {
  if (method !== 'GET' || location === undefined || !REDIRECTS.has(status)) return undefined
  if (!URL.canParse(location, from.href)) return undefined
  const target = new URL(location, from)
  return target.protocol === 'http:' || target.protocol === 'https:' ? target : undefined
}
