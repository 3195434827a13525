import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {nearest} from '../../../src/lib/cli/nearest.js'

const commands = ['auth login', 'auth logout', 'rooms list', 'rooms get', 'messages send', 'messages list']

describe('nearest', () => {
  it.each([
    ['rooms lits', 'rooms list'],
    ['room list', 'rooms list'],
    ['mesages send', 'messages send'],
    ['auth logn', 'auth login'],
    ['messages sned', 'messages send'],
  ])('of %j is %j', (word, expected) => {
    expect(nearest(word, commands)).toBe(expected)
  })

  it.each(['deploy production now', 'x', 'zzzzzzzzzzzzzz'])('of %j is none', word => {
    expect(nearest(word, commands)).toBeUndefined()
  })

  it('is no word of which most letters differ', () => {
    expect(nearest('abc', ['xyz'])).toBeUndefined()
    expect(nearest('abcd', ['abxyz'])).toBeUndefined()
  })

  it('of nothing to choose from is none', () => {
    expect(nearest('rooms', [])).toBeUndefined()
  })

  it('of a candidate is the candidate itself', () => {
    for (const command of commands) expect(nearest(command, commands)).toBe(command)
  })

  it('is always one of the candidates', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string()), (word, candidates) => {
        const found = nearest(word, candidates)
        expect(found === undefined || candidates.includes(found)).toBe(true)
      }),
    )
  })
})
