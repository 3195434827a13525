import {describe, expect, it} from 'vitest'
import {processEnvironment} from '../../../src/lib/config/environment.js'
import {resolveSettings} from '../../../src/lib/config/resolve.js'
import {
  DEFINITIONS,
  PROFILE_KEYS,
  PROJECT_KEYS,
  SETTING_NAMES,
  type Settings,
  USER_KEYS,
} from '../../../src/lib/config/settings.js'
import type {StoredLayer} from '../../../src/lib/config/stored-layers.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

interface Given {
  readonly flags?: Partial<Settings>
  readonly env?: Record<string, string>
  readonly project?: Record<string, unknown>
  readonly profile?: Record<string, unknown>
  readonly file?: Record<string, unknown>
}

const resolve = ({flags = {}, env = {}, project = {}, profile = {}, file = {}}: Given) => {
  const stored: StoredLayer[] = [
    {source: 'project file', origin: '/p/.veza.json', label: '/p/.veza.json', content: project},
    {source: 'profile', origin: 'work', label: 'the profile work in /c', content: profile},
    {source: 'user file', origin: '/c', label: '/c', content: file},
  ]
  return resolveSettings({flags, environment: processEnvironment(env), stored})
}

function refusal(given: Given): VezaError {
  try {
    resolve(given)
  } catch (error) {
    if (error instanceof VezaError) return error
    throw error
  }
  throw new Error('it was accepted')
}

const names = SETTING_NAMES

/** For each setting what flag, variable and file give, and as what the two texts are read. */
const EXAMPLES: {
  readonly [K in keyof Settings]: {flag: Settings[K]; env: string; file: string; read: unknown[]}
} = {
  profile: {flag: 'f', env: 'e', file: 'u', read: ['e', 'u']},
  server: {flag: 'http://f', env: 'http://e/', file: 'http://u/', read: ['http://e', 'http://u']},
  username: {flag: 'f', env: 'e', file: 'u', read: ['e', 'u']},
  room: {flag: 'f', env: 'e', file: 'u', read: ['e', 'u']},
  format: {flag: 'text', env: 'json', file: 'json', read: ['json', 'json']},
  connectTimeoutMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  readTimeoutMs: {flag: 1, env: '2m', file: '3m', read: [120_000, 180_000]},
  writeTimeoutMs: {flag: 1, env: '2', file: '3', read: [2000, 3000]},
  pingIntervalMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  retries: {flag: 1, env: '2', file: '4', read: [2, 4]},
  retryDelayMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  maxRetryDelayMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  rateLimit: {flag: 1, env: '2', file: '0', read: [2, 0]},
  maxWaitMs: {flag: 1, env: '2s', file: '0', read: [2000, 0]},
  renewBeforeMs: {flag: 1, env: '2s', file: '0', read: [2000, 0]},
  timeoutMs: {flag: 1, env: '2s', file: '3s', read: [2000, 3000]},
  apiPath: {flag: '/f', env: '/e/', file: '/u/v', read: ['/e', '/u/v']},
  wsPath: {flag: '/f', env: '/', file: '/u', read: ['', '/u']},
  ca: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  cert: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  key: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  insecure: {flag: false, env: 'yes', file: 'true', read: [true, true]},
  requireKeychain: {flag: false, env: 'on', file: 'no', read: [true, false]},
  passphraseFile: {flag: '/f', env: '/e', file: '/u', read: ['/e', '/u']},
  maxUploadBytes: {flag: 1, env: '2', file: '3', read: [2, 3]},
}

describe('the defaults', () => {
  it('are those of section 1 of the contract', () => {
    expect(resolve({}).values).toEqual({
      profile: undefined,
      format: 'text',
      retryDelayMs: undefined,
      maxRetryDelayMs: 300_000,
      rateLimit: 60,
      maxWaitMs: 300_000,
      renewBeforeMs: 30_000,
      apiPath: '/api/v1',
      wsPath: '/ws',
      requireKeychain: false,
      passphraseFile: undefined,
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
  it.each(names)('of %s: flag, environment, project file, profile, user file, default', name => {
    const {flag, env, file, read} = EXAMPLES[name]
    const {key, fallback} = DEFINITIONS[name]
    const variable = DEFINITIONS[name].env[0] ?? ''
    const content = {[key]: file}
    const steps: [Given, unknown, string, string?][] = [
      [{flags: {[name]: flag}}, flag, 'flag'],
      [{env: {[variable]: env}}, read[0], 'environment', variable],
      [{project: content}, read[1], 'project file', '/p/.veza.json'],
      [{profile: content}, read[1], 'profile', 'work'],
      [{file: content}, read[1], 'user file', '/c'],
      [{}, fallback, 'default'],
    ]
    for (const [index, [, value, source, origin]] of steps.entries()) {
      const given = Object.assign({}, ...steps.slice(index).map(([layer]) => layer)) as Given
      const {values, sources, origins} = resolve(given)
      expect([values[name], sources[name], origins[name]]).toEqual([value, source, origin])
    }
  })

  it('takes a flag that is undefined as not given', () => {
    expect(resolve({flags: {room: undefined}, file: {room: 'u'}}).values.room).toBe('u')
  })

  it('takes nothing from what every object has', () => {
    const layer = Object.create({room: 'inherited'}) as Record<string, unknown>
    expect(resolve({file: layer}).values.room).toBeUndefined()
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

  it('in a profile is told with the profile', () => {
    expect(refusal({profile: {retries: 'x'}}).message).toBe(
      'retries in the profile work in /c wants a whole number from 0 to 100',
    )
  })

  it('in the user file is a config error that names its key and keeps the hint', () => {
    const error = refusal({file: {read_timeout: 'hunter2'}})
    expect(error.code).toBe('config')
    expect(error.exitCode).toBe(2)
    expect(error.message).toContain('read_timeout in /c')
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
  it('is taken from the flag and the environment', () => {
    expect(resolve({flags: {insecure: true}}).values.insecure).toBe(true)
    expect(resolve({env: {VEZA_INSECURE: '1'}}).values.insecure).toBe(true)
  })
})

describe('the keys of files', () => {
  it('are those of all settings but insecure', () => {
    const keys = names.map(name => DEFINITIONS[name].key)
    expect(USER_KEYS).toEqual(keys.filter(key => key !== 'insecure'))
    expect(PROFILE_KEYS).toEqual(USER_KEYS.filter(key => key !== 'profile'))
  })

  it('are four in a project file, each of them a setting', () => {
    expect([...PROJECT_KEYS].sort()).toEqual(['format', 'profile', 'room', 'server'])
    expect(USER_KEYS).toEqual(expect.arrayContaining([...PROJECT_KEYS]))
  })

  it.each(names)('%s: has a summary of one line without a full stop', name => {
    expect(DEFINITIONS[name].summary).toMatch(/^[^\n]{8,}[^.\n]$/)
  })
})
