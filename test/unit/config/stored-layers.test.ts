import {describe, expect, it} from 'vitest'
import {nearest} from '../../../src/lib/cli/nearest.js'
import {profileLayer, profilesOf, projectLayer, userLayer} from '../../../src/lib/config/stored-layers.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

type Content = Record<string, unknown>

const user = (content: Content) => userLayer({path: '/c/config.json', content}, nearest)
const project = (content: Content) => projectLayer({path: '/p/.veza.json', content}, nearest)

function refusal(read: () => unknown): VezaError {
  try {
    read()
  } catch (error) {
    if (error instanceof VezaError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the user file', () => {
  it('may hold settings, profiles, and what an editor puts there', () => {
    const content = {$schema: 'x', server: 'http://x', profile: 'a', profiles: {a: {$comment: '', room: 1}}}
    expect(user(content)).toEqual({
      source: 'user file',
      origin: '/c/config.json',
      label: '/c/config.json',
      content,
    })
  })

  it.each([
    [{retires: 3}, '/c/config.json must not set retires', 'did you mean retries?'],
    [{Server: 'x'}, '/c/config.json must not set Server', 'did you mean server?'],
    [{zzzzzzzz: 1}, '/c/config.json must not set zzzzzzzz', 'see veza config list'],
    [{profiles: {a: {rom: 1}}}, 'the profile a in /c/config.json must not set rom', 'did you mean room?'],
    [{profiles: {a: {profile: 'b'}}}, 'the profile a in /c/config.json must not set profile', /see/],
  ])('is refused with %j', (content, message, hint) => {
    const error = refusal(() => user(content))
    expect(error).toMatchObject({code: 'config', exitCode: 2, message})
    expect(error.hint).toMatch(hint)
  })

  it.each([
    'password',
    'VEZA_TOKEN',
    'refresh_token',
    'api_key',
    'apiKey',
    'passphrase',
    'jwt_secret',
    'totp',
  ])('must not hold a secret: %s, and the reason is told', key => {
    const error = refusal(() => user({[key]: 'hunter2'}))
    expect(error.hint).toContain('secrets do not belong in settings')
    expect(`${error.message}${error.hint}`).not.toContain('hunter2')
  })

  it.each([{insecure: true}, {insecure: false}, {profiles: {a: {insecure: true}}}])(
    'must not hold insecure: %j',
    content => {
      expect(refusal(() => user(content)).hint).toBe('it must be said each time, with --insecure')
    },
  )

  it('does not repeat a key that does not look like one', () => {
    for (const key of ['hunter2 with spaces', 'x'.repeat(65), '\u001b[31m'])
      expect(refusal(() => user({[key]: 1})).message).toBe('/c/config.json must not set (unreadable)')
  })

  it.each([[[]], ['a'], [null], [5]])('with profiles that are %j is refused', profiles => {
    expect(refusal(() => user({profiles})).message).toBe('profiles in /c/config.json is no object')
  })

  it.each([[[]], ['x'], [null]])('with a profile that is %j is refused', profile => {
    expect(refusal(() => user({profiles: {a: profile}})).message).toBe(
      'the profile a in /c/config.json is no object',
    )
  })
})

describe('a project file', () => {
  it('may name server, profile, room and format', () => {
    const content = {$schema: 'x', server: 'http://x', profile: 'a', room: 'r', format: 'json'}
    expect(project(content)).toMatchObject({source: 'project file', origin: '/p/.veza.json', content})
  })

  it.each([
    ['username', 'allowed are server, profile, room, format'],
    ['servers', 'did you mean server?'],
    ['ca', 'allowed are server, profile, room, format'],
    ['insecure', 'it must be said each time, with --insecure'],
    ['token', /secrets/],
    ['profiles', 'did you mean profile?'],
    ['api_path', /allowed/],
  ])('must not set %s', (key, hint) => {
    const error = refusal(() => project({room: 'r', [key]: 'x'}))
    expect(error).toMatchObject({code: 'config', message: `/p/.veza.json must not set ${key}`})
    expect(error.hint).toMatch(hint)
  })
})

describe('a profile', () => {
  it('is a layer of its own', () => {
    expect(profileLayer('work', {room: 'r'}, '/c')).toEqual({
      source: 'profile',
      origin: 'work',
      label: 'the profile work in /c',
      content: {room: 'r'},
    })
  })

  it('is none where there is none', () => {
    expect(profilesOf({path: '/c', content: {}})).toEqual({})
  })
})
