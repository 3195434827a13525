import {VezaError} from '../../errors/veza-error.js'
import type {HttpMethod, HttpRequest} from '../../http/types.js'

/** The words of a call. */
export interface CallWords {
  readonly method: string
  readonly path: string
  readonly headers: readonly string[]
  /** From `-f` and `-F`: the query of a GET or DELETE, else the body. */
  readonly fields: Readonly<Record<string, unknown>>
  /** Text of `--input`, JSON. */
  readonly input: string | undefined
}

/** Where the paths of the API begin. */
export interface ApiPlace {
  readonly server: string
  /** Such as `/api/v1`. */
  readonly apiPath: string
}

/** In upper case; a lower one is taken, too. */
export const METHODS: readonly HttpMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What veza sends itself: a header of the caller's beside it could send a token elsewhere, or break the framing. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'x-api-key',
  'cookie',
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'content-type',
  'accept',
  'user-agent',
])

/** A path below `/api/v1`, with or without it. The address of another server is refused: the token would go there. */
function pathOf(text: string, {server, apiPath}: ApiPlace): URL {
  const origin = new URL(server).origin
  const isAddress = /^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//')
  if (!URL.canParse(text, origin)) throw new VezaError('usage', 'PATH is no path, such as /rooms/1')
  const url = new URL(isAddress ? text : `/${text.replace(/^\/+/, '')}`, origin)
  if (url.origin !== origin || url.username !== '' || url.password !== '')
    throw new VezaError('usage', 'PATH names another server', {
      hint: `calls go to ${origin} only: give a path`,
    })
  const base = apiPath.replace(/\/+$/, '')
  if (url.pathname === base || url.pathname.startsWith(`${base}/`))
    url.pathname = url.pathname.slice(base.length)
  return url
}

/** @throws {VezaError} `usage` for a method, path, header, field or input that makes no call. */
export function buildRequest(words: CallWords, place: ApiPlace): HttpRequest {
  const method = METHODS.find(name => name === words.method.toUpperCase())
  if (method === undefined) throw new VezaError('usage', `METHOD is one of: ${METHODS.join(', ')}`)
  const {pathname, searchParams} = pathOf(words.path, place)
  if (new Set(searchParams.keys()).size < searchParams.size)
    throw new VezaError('usage', 'PATH gives a field of its query twice')
  const hasBody = method !== 'GET' && method !== 'DELETE'
  const hasFields = Object.keys(words.fields).length > 0
  if (words.input !== undefined && !hasBody)
    throw new VezaError('usage', `--input does not go with ${method}`)
  if (words.input !== undefined && hasFields)
    throw new VezaError('usage', 'give the body by --input or by -f and -F, not by both')
  const body = words.input === undefined ? words.fields : parseInput(words.input)
  return {
    method,
    path: pathname,
    query: {...Object.fromEntries(searchParams), ...(hasBody ? {} : queryOf(words.fields))},
    headers: headersOf(words.headers),
    ...(hasBody && (hasFields || words.input !== undefined) ? {body} : {}),
  }
}

function parseInput(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new VezaError('usage', '--input is no JSON', {cause})
  }
}

function queryOf(fields: CallWords['fields']): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
        return [name, value]
      throw new VezaError('usage', 'the query of a GET or DELETE takes text, numbers, true and false only')
    }),
  )
}

function headersOf(words: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    words.map(word => {
      const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*([\t\x20-\x7e]*)$/.exec(word) ?? []
      if (name === '') throw new VezaError('usage', '-H wants NAME: VALUE in plain characters')
      if (OWN_HEADERS.has(name.toLowerCase()))
        throw new VezaError('usage', `-H does not set ${name.toLowerCase()}: veza does`)
      return [name.toLowerCase(), value]
    }),
  )
}
