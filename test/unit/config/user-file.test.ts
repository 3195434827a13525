import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {sectionOf, userFilePath, withFields, withoutProfile} from '../../../src/lib/config/user-file.js'

const file = (content: Record<string, unknown>) => ({path: '/c/config.json', content})

describe('userFilePath', () => {
  it('is config.json in the config folder', () => {
    expect(userFilePath({configDir: '/c', stateDir: '/s'})).toBe('/c/config.json')
  })
})

describe('sectionOf', () => {
  const content = {room: 'top', profiles: {work: {room: 'w'}}}

  it('is the top level without a profile, else what the profile sets', () => {
    expect(sectionOf(file(content), undefined)).toBe(content)
    expect(sectionOf(file(content), 'work')).toEqual({room: 'w'})
  })

  it.each(['home', 'constructor', '__proto__'])('is none for %s', name => {
    expect(sectionOf(file(content), name)).toBeUndefined()
    expect(sectionOf(file({}), name)).toBeUndefined()
  })
})

describe('withFields', () => {
  it('sets and removes at the top level, and leaves all else', () => {
    const content = {$schema: 's', unknown: [1], room: 'a', profiles: {work: {}}}
    expect(withFields(file(content), undefined, {room: 'b', retries: 1})).toEqual({
      ...content,
      room: 'b',
      retries: 1,
    })
    expect(withFields(file(content), undefined, {room: undefined})).toEqual({
      $schema: 's',
      unknown: [1],
      profiles: {work: {}},
    })
  })

  it('sets in a profile, made where there is none', () => {
    expect(withFields(file({room: 'a'}), 'work', {room: 'b', server: undefined})).toEqual({
      room: 'a',
      profiles: {work: {room: 'b'}},
    })
  })

  it('makes a profile with a name that every object has', () => {
    const made = withFields(file({}), '__proto__', {room: 'b'})
    expect(JSON.stringify(made)).toBe('{"profiles":{"__proto__":{"room":"b"}}}')
    expect(sectionOf(file(made), '__proto__')).toEqual({room: 'b'})
  })

  it('keeps every other key, its value and its place', () => {
    const json = fc.jsonValue({maxDepth: 1})
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), json, (others, value) => {
        const content = {...others, profiles: {a: {keep: 1}}}
        const before = Object.entries(content).filter(([key]) => key !== 'room')
        const after = Object.entries(withFields(file(content), undefined, {room: value}))
        expect(after.filter(([key]) => key !== 'room')).toEqual(before)
      }),
    )
  })
})

describe('withoutProfile', () => {
  it('leaves the others, and no profile in use where it was that', () => {
    const content = {profile: 'a', room: 'r', profiles: {a: {}, b: {room: 'x'}}}
    expect(withoutProfile(file(content), 'a')).toEqual({room: 'r', profiles: {b: {room: 'x'}}})
    expect(withoutProfile(file(content), 'b')).toEqual({profile: 'a', room: 'r', profiles: {a: {}}})
  })
})
