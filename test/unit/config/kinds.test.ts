import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  duration,
  filePath,
  interval,
  onOff,
  profileName,
  route,
  text,
  wholeNumber,
  word,
} from '../../../src/lib/config/kinds.js'
import {DEFINITIONS, SETTING_NAMES} from '../../../src/lib/config/settings.js'
import {showValue} from '../../../src/lib/config/show-value.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

function refusal(read: () => unknown): VezaError {
  try {
    read()
  } catch (error) {
    if (error instanceof VezaError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('kinds', () => {
  it.each(['', ' ', '\t\n'])('text and paths refuse %j', value => {
    expect(refusal(() => text.parse(value, 'room')).message).toBe('room is empty')
    expect(refusal(() => filePath.parse(value, 'ca')).message).toBe('ca is empty')
  })

  it('text is taken as it is', () => {
    expect(text.parse(' #a b ', 'room')).toBe(' #a b ')
  })

  it.each([
    ['/api/v1', '/api/v1'],
    ['/api/v1/', '/api/v1'],
    ['/', ''],
    ['/a%20b', '/a%20b'],
  ])('a route %j is read as %j', (value, read) => {
    expect(route.parse(value, 'api_path')).toBe(read)
  })

  it.each(['', 'api', 'http://x/api', '/a?token=hunter2', '/a#b', '/a b', '/a/../b', '/a\n', '/ä'])(
    'a route refuses %j and does not repeat it',
    value => {
      const {message, hint} = refusal(() => route.parse(value, 'api_path'))
      expect(message).toBe('api_path wants a path on the server')
      expect(hint).toContain('/api/v1')
      expect(`${message}${hint}`).not.toContain('hunter2')
    },
  )

  it('an interval is longer than 0, a duration need not be', () => {
    expect(duration.parse('0', 'renew_before')).toBe(0)
    expect(refusal(() => interval.parse('0s', 'ping_interval')).message).toContain('longer than 0')
    expect(interval.parse('2m', 'ping_interval')).toBe(120_000)
  })

  it('a whole number keeps its bounds', () => {
    expect(wholeNumber(0, 9).parse('9', 'n')).toBe(9)
    expect(refusal(() => wholeNumber(0, 9).parse('10', 'n')).message).toContain('from 0 to 9')
  })

  it('a word is one of those given', () => {
    expect(word('a', 'b').parse('b', 'w')).toBe('b')
    expect(refusal(() => word('a', 'b').parse('hunter2', 'w')).message).toBe('w wants one of: a, b')
  })

  it('a switch is on or off', () => {
    expect([onOff.parse('yes', 's'), onOff.parse('0', 's')]).toEqual([true, false])
  })

  it.each(['a', 'A-1_b', '__proto__', 'x'.repeat(64)])('%j is a name of a profile', value => {
    expect(profileName.parse(value, 'NAME')).toBe(value)
  })

  it.each(['', ' ', 'a b', 'a.b', 'a/b', 'ä', '$x', 'x'.repeat(65), 'a\n'])('%j is none', value => {
    expect(refusal(() => profileName.parse(value, 'NAME')).message).toContain('letters, digits')
  })
})

describe('showValue', () => {
  it.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [604_800_000, '7d'],
  ])('shows %d ms as %s', (ms, shown) => {
    expect(showValue('duration', ms)).toBe(shown)
  })

  it('shows a duration so that it is read back as the same', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 2 ** 31 - 1}), ms => {
        expect(duration.parse(String(showValue('duration', ms)), 'x')).toBe(ms)
      }),
    )
  })

  it('leaves anything else as it is', () => {
    expect(showValue('number', 90_000)).toBe(90_000)
    expect(showValue('text', 'x')).toBe('x')
    expect(showValue('switch', false)).toBe(false)
    expect(showValue('duration', undefined)).toBeUndefined()
  })

  it.each(SETTING_NAMES)('shows the default of %s as its own reader reads it', name => {
    const {kind, fallback, key} = DEFINITIONS[name]
    const shown = showValue(kind.name, fallback)
    expect(shown === undefined ? undefined : kind.parse(String(shown), key)).toBe(fallback)
  })
})
