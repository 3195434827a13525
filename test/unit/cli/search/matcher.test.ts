import {describe, expect, test} from 'vitest'
import type {Message} from '../../../../src/contract/resources.js'
import {createGuard, unguarded} from '../../../../src/lib/cli/search/guard.js'
import {createMatcher} from '../../../../src/lib/cli/search/matcher.js'
import {markingStyle} from '../../output/hostile.js'

const CATASTROPHE = /^(a+)+$/u
const POISON = `${'a'.repeat(60)}!`
const row = (id: number, content: string): Message => ({id, content})

describe('a guard', () => {
  test('gives what the action gives, and throws what it throws', () => {
    const guard = createGuard(1000)
    expect(guard(() => 42, 0)).toBe(42)
    expect(guard(() => undefined, 0 as number | undefined)).toBeUndefined()
    const failure = new RangeError('mine')
    expect(() =>
      guard(() => {
        throw failure
      }, 0),
    ).toThrow(failure)
    expect(guard(() => 'again', '')).toBe('again')
  })

  test('stops an expression that never ends, and works on after it', () => {
    const guard = createGuard(30)
    expect(guard<boolean | string>(() => CATASTROPHE.test(POISON), 'stopped')).toBe('stopped')
    expect(guard(() => CATASTROPHE.test('aaa'), false)).toBe(true)
  })

  test('none changes nothing', () => {
    expect(unguarded(() => 42, 0)).toBe(42)
  })
})

describe('a matcher', () => {
  test('picks what matches and passes the filter', () => {
    const {pick} = createMatcher(/x/u, ({id}) => id > 1, unguarded)
    expect(pick([row(3, 'x'), row(2, 'y'), row(1, 'x')])).toEqual([row(3, 'x')])
    expect(createMatcher(/x/u, undefined, createGuard(1000)).pick([row(1, 'x')])).toEqual([row(1, 'x')])
  })

  test('names the message that an expression takes too long on', () => {
    const {pick} = createMatcher(CATASTROPHE, undefined, createGuard(30))
    expect(() => pick([row(9, 'aaa'), row(8, POISON), row(7, 'aaa')])).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'the regular expression takes too long on message 8',
        hint: expect.stringContaining('(a+)+'),
      }),
    )
  })

  test('sets off what it found', () => {
    const {highlight} = createMatcher(/b+/u, undefined, createGuard(1000))
    const plain = highlight('abbc', markingStyle)
    expect(plain).not.toBe('abbc')
    expect(plain).toContain('bb')
  })

  test('leaves text alone that takes too long to set off', () => {
    const {highlight} = createMatcher(/(a+)+!!/u, undefined, createGuard(30))
    expect(highlight(POISON, markingStyle)).toBe(POISON)
  })
})
