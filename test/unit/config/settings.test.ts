import {describe, expect, it} from 'vitest'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {DEFINITIONS, resolveSettings, type Settings} from '../../../src/lib/config/settings.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

interface Given {
  readonly flags?: Partial<Settings>
  readonly env?: Record<string, string>
  readonly file?: Record<string, unknown>
}

const resolve = ({flags = {}, env = {}, file = {}}: Given) =>
  resolveSettings(flags, processEnvironment(env), file)

function refusal(given: Given): VezaError {
  try {
    resolve(given)
  } catch (error) {
    if (error instanceof VezaError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const names = Object.keys(DEFINITIONS) as (keyof Settings)[]

/** For each setting what flag, variable and file give, and as what the two texts are read. */
const EXAMPLES: {
  readonly [K in keyof Settings]: {flag: Settings[K]; env: string; file: string; read: unknown[]}
} = {
  server: {flag: 'http://f', env: 'http://e/', file: 'http://u/', read: ['http://e', 'http://u']},
  username: {flag: 'f', env: 'e', file: 'u', read: ['e', 'u']},
  room: {flag: 'f', env: 'e', file: 'u', read: ['e', 'u']},
  connectTimeoutMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  readTimeoutMs: {flag: 1, env: '2m', file: '3m', read: [120_000, 180_000]},
  writeTimeoutMs: {flag: 1, env: '2', file: '3', read: [2000, 3000]},
  pingIntervalMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  retries: {flag: 1, env: '2', file: '4', read: [2, 4]},
  timeoutMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  ca: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  cert: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  key: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  insecure: {flag: false, env: 'yes', file: 'true', read: [true]},
  maxUploadBytes: {flag: 1, env: '2', file: '3', read: [2, 3]},
}

describe('the defaults', () => {
  it('are those of section 1 of the contract', () => {
    expect(resolve({}).values).toEqual({
      server: 'http://localhost:8080',
      username: undefined,
      room: undefined,
      connectTimeoutMs: 30_000,
      readTimeoutMs: 60_000,
      writeTimeoutMs: 30_000,
      pingIntervalMs: 30_000,
      retries: 3,
      timeoutMs: undefined,
      ca: undefined,
      cert: undefined,
      key: undefined,
      insecure: false,
      maxUploadBytes: 100 * 1024 * 1024,
    })
  })

  it('are told as such', () => {
    const {sources} = resolve({})
    expect(new Set(Object.values(sources))).toEqual(new Set(['default']))
    expect(Object.keys(sources)).toEqual(names)
  })
})

describe('precedence', () => {
  it.each(names)('of %s: flag, environment, user file', name => {
    const {flag, env, file, read} = EXAMPLES[name]
    const variable = DEFINITIONS[name].env[0] ?? ''
    const stored = name === 'insecure' ? {} : {[DEFINITIONS[name].key]: file}

    const all = resolve({flags: {[name]: flag}, env: {[variable]: env}, file: stored})
    expect([all.values[name], all.sources[name]]).toEqual([flag, 'flag'])

    const noFlag = resolve({env: {[variable]: env}, file: stored})
    expect([noFlag.values[name], noFlag.sources[name]]).toEqual([read[0], 'environment'])

    const onlyFile = resolve({flags: {[name]: undefined}, file: stored})
    const expected = name === 'insecure' ? [false, 'default'] : [read[1], 'user file']
    expect([onlyFile.values[name], onlyFile.sources[name]]).toEqual(expected)
  })

  it.each(names)('of %s: its variable begins with VEZA_', name => {
    expect(DEFINITIONS[name].env[0]).toMatch(/^VEZA_[A-Z_]+$/)
  })

  it("takes the guide's names after ours", () => {
    const guide = {CHAT_SERVER_URL: 'http://guide', BOT_USERNAME: 'guide'}
    expect(resolve({env: guide}).values).toMatchObject({server: 'http://guide', username: 'guide'})
    const both = {...guide, VEZA_SERVER: 'http://ours', VEZA_USERNAME: 'ours'}
    expect(resolve({env: both}).values).toMatchObject({server: 'http://ours', username: 'ours'})
  })

  it('takes an empty variable as not set', () => {
    expect(resolve({env: {VEZA_SERVER: ''}}).sources.server).toBe('default')
  })

  it('takes each setting from where it is, not all from one place', () => {
    const {values, sources} = resolve({
      flags: {retries: 7},
      env: {VEZA_ROOM: 'ops'},
      file: {server: 'http://u', ping_interval: 15},
    })
    expect(values).toMatchObject({retries: 7, room: 'ops', server: 'http://u', pingIntervalMs: 15_000})
    expect(sources).toMatchObject({
      retries: 'flag',
      room: 'environment',
      server: 'user file',
      pingIntervalMs: 'user file',
      connectTimeoutMs: 'default',
    })
  })

  it('lets a strong source stand before a bad value in a weaker one', () => {
    expect(resolve({flags: {retries: 1}, env: {VEZA_RETRIES: 'many'}}).values.retries).toBe(1)
    expect(resolve({env: {VEZA_RETRIES: '1'}, file: {retries: 'many'}}).values.retries).toBe(1)
  })
})

describe('a bad value', () => {
  it('in a variable is a usage error that names the variable it came from', () => {
    const ours = refusal({env: {VEZA_CONNECT_TIMEOUT: 'soon-hunter2'}})
    expect([ours.code, ours.message]).toEqual(['usage', 'VEZA_CONNECT_TIMEOUT wants a duration'])
    const theirs = refusal({env: {CHAT_SERVER_URL: 'ftp://hunter2'}})
    expect(theirs.code).toBe('usage')
    expect(theirs.message).toContain('CHAT_SERVER_URL')
    expect(`${theirs.message} ${theirs.hint}`).not.toContain('hunter2')
  })

  it('in the user file is a config error that names its key and keeps the hint', () => {
    const error = refusal({file: {read_timeout: 'hunter2'}})
    expect(error.code).toBe('config')
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain('read_timeout in the config file')
    expect(error.message).not.toContain('hunter2')
    expect(error.hint).toContain('90s')
  })

  it.each([[{}], [[]], [true], [null]])('that is no duration at all, %j, is refused in the file', stored => {
    expect(refusal({file: {timeout: stored}}).code).toBe('config')
  })

  it.each(['-1', '101', '1.5', ''])('is refused for retries: %j', retries => {
    expect(refusal({file: {retries}}).code).toBe('config')
  })
})

describe('insecure', () => {
  it.each([true, false, 'true', 1])('is refused in the user file: %j', insecure => {
    const error = refusal({file: {insecure}})
    expect(error.code).toBe('config')
    expect(error.message).toContain('must not set insecure')
    expect(error.hint).toContain('--insecure')
  })

  it('is taken from the flag and the environment', () => {
    expect(resolve({flags: {insecure: true}}).values.insecure).toBe(true)
    expect(resolve({env: {VEZA_INSECURE: '1'}}).values.insecure).toBe(true)
  })
})
