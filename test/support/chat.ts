import {afterAll, beforeAll} from 'vitest'
import {type Sandbox, type SandboxOptions, startSandbox} from '../../src/sandbox/index.js'
import {type Ended, type Home, makeHome, UNLIMITED} from './veza.js'

/** The fields of an answer that a test looks at. */
export type Fields = Readonly<Record<string, unknown>>

/** A sandbox for all tests of a file or of a `describe`, with the homes of users who are signed in by VEZA_TOKEN. */
export interface Chat {
  readonly url: string
  readonly alice: Home
  readonly bob: Home
  readonly admin: Home
  /** The access token of the user. */
  token(username: User): string
  /** A request written by hand; resolves to the data of its answer, out of the envelope. Throws on a failure. */
  call(username: User, method: 'GET' | 'POST', path: string, body?: Fields): Promise<unknown>
  /** Makes a room that both are in, with a name that no other has. */
  room(): Promise<{readonly id: number; readonly name: string}>
  /** Posts messages, one after the other; resolves to their ids. */
  post(roomId: number, contents: readonly string[], username?: User): Promise<number[]>
  /** What the server has of the room, oldest first. */
  contents(roomId: number): Promise<string[]>
}

type User = 'alice' | 'bob' | 'admin'

/** Both dialects, for `describe.each`. */
export const DIALECTS = ['guide', 'reference'] as const

/** Starts the sandbox before the tests and closes it after them. To be called in a `describe` or at the top of a file. */
export function useChat(options: SandboxOptions = {}): Chat {
  let sandbox: Sandbox
  const tokens: Partial<Record<User, string>> = {}
  const homes: Partial<Record<User, Home>> = {}
  const removals: (() => void)[] = []
  let rooms = 0
  beforeAll(async () => {
    sandbox = await startSandbox({port: 0, ...options})
    for (const user of ['alice', 'bob', 'admin'] as const) {
      const token = await signIn(sandbox.url, user)
      tokens[user] = token
      const env = {VEZA_SERVER: sandbox.url, VEZA_TOKEN: token, ...UNLIMITED}
      homes[user] = makeHome(env, remove => void removals.push(remove))
    }
  })
  afterAll(async () => {
    await sandbox.close()
    for (const remove of removals) remove()
  })
  const call: Chat['call'] = (user, method, path, body) =>
    request(`${sandbox.url}/api/v1${path}`, method, tokens[user] ?? '', body)
  return {
    get url() {
      return sandbox.url
    },
    get alice() {
      return homes.alice as Home
    },
    get bob() {
      return homes.bob as Home
    },
    get admin() {
      return homes.admin as Home
    },
    token: user => tokens[user] ?? '',
    call,
    async room() {
      rooms += 1
      const name = `room-${rooms}`
      const {id} = (await call('alice', 'POST', '/rooms', {name})) as {id: number}
      await call('alice', 'POST', `/rooms/${id}/members`, {user_id: 3, role: 'member'})
      return {id, name}
    },
    async post(roomId, contents, user = 'bob') {
      const ids: number[] = []
      for (const content of contents) {
        const {id} = (await call(user, 'POST', `/rooms/${roomId}/messages`, {content})) as {id: number}
        ids.push(id)
      }
      return ids
    },
    async contents(roomId) {
      const data = await call('alice', 'GET', `/rooms/${roomId}/messages?limit=100`)
      return rowsOf(data, 'messages')
        .map(row => String(row.content))
        .reverse()
    },
  }
}

/** The rows of a list in either dialect. */
export function rowsOf(data: unknown, name: string): readonly Fields[] {
  return Array.isArray(data) ? data : (data as Record<string, Fields[]>)[name]!
}

/** The access token of a seeded user, got by a request written by hand. */
export async function signIn(url: string, username: string): Promise<string> {
  const body = {username, password: `${username}-pass`}
  const grant = (await request(`${url}/api/v1/auth/login`, 'POST', '', body)) as Fields
  return String(grant.access_token)
}

async function request(url: string, method: string, token: string, body?: Fields): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {authorization: `Bearer ${token}`, 'content-type': 'application/json'},
    ...(body === undefined ? {} : {body: JSON.stringify(body)}),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`)
  const answer = text === '' ? {} : (JSON.parse(text) as Fields)
  return 'data' in answer ? answer.data : answer
}

/** The one JSON document that a command printed on one line; it ended with 0. */
export function documentOf<T = Fields>({code, stdout, stderr}: Ended): T {
  if (code !== 0 || !/^[^\n]+\n$/.test(stdout)) throw new Error(`no document: ${code} ${stdout}${stderr}`)
  return JSON.parse(stdout)
}

/** The records of a stream, one a line. */
export function recordsOf<T = Fields>({stdout}: Pick<Ended, 'stdout'>): T[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))
}

/** The error that a command with `--json` wrote as its only line on stderr. */
export function errorOf({stderr}: Ended): Fields {
  if (!/^[^\n]+\n$/.test(stderr)) throw new Error(`not one line: ${stderr}`)
  return (JSON.parse(stderr) as {error: Fields}).error
}

/** A time of RFC 3339 in UTC. */
export const RFC_3339 = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/

/** The bytes that begin each colour or cursor movement. */
export const ESCAPE = '\u001b'
