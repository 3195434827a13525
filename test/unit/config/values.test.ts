import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  parseDuration,
  parseId,
  parseInteger,
  parseServer,
  parseSwitch,
} from '../../../src/lib/config/values.js'
import {VezaError} from '../../../src/lib/errors/veza-error.js'

const LABEL = '--some-flag'
const LONGEST_MS = 2 ** 31 - 1

/** The error of a reader, and proof that it is a usage error that names the label. */
function refusal(read: () => unknown): VezaError {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(VezaError)
    const refused = error as VezaError
    expect(refused.code).toBe('usage')
    expect(refused.message).toContain(LABEL)
    return refused
  }
  throw new Error('it was accepted')
}

describe('parseDuration', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['2h30m', 9_000_000],
    ['7d', 604_800_000],
    ['3w', 1_814_400_000],
    ['500ms', 500],
    ['1s500ms', 1500],
    ['1.5s', 1500],
    ['0.25', 250],
    ['0', 0],
    [' 5s\n', 5000],
    ['2147483647ms', LONGEST_MS],
  ])('reads %j as %i ms', (text, ms) => {
    expect(parseDuration(text, LABEL)).toBe(ms)
  })

  it.each([
    '',
    ' ',
    's',
    '5x',
    '-5s',
    '+5',
    '5 s',
    '1h 30m',
    '1,5s',
    '.5s',
    '5.',
    '1e3',
    'NaN',
    '٣s',
    '5S',
    'x5s',
    '1s'.repeat(21),
    '9'.repeat(41),
  ])('refuses %j with an example', text => {
    expect(refusal(() => parseDuration(text, LABEL)).hint).toContain('90s')
  })

  it.each(['2147483648ms', '25d', '4w', '9'.repeat(40), `${'9'.repeat(39)}d`])(
    'refuses %s, which no timer can count',
    text => {
      expect(refusal(() => parseDuration(text, LABEL)).message).toContain('longer than the 24 days')
    },
  )

  it('reads any sum of units', () => {
    const small = fc.integer({min: 0, max: 20})
    fc.assert(
      fc.property(small, small, small, small, small, (d, h, m, s, ms) => {
        const expected = (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms
        expect(parseDuration(`${d}d${h}h${m}m${s}s${ms}ms`, LABEL)).toBe(expected)
      }),
    )
  })

  it('reads back each number of milliseconds that a timer can count', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: LONGEST_MS}), ms => {
        expect(parseDuration(`${ms}ms`, LABEL)).toBe(ms)
      }),
    )
  })
})

describe('parseInteger', () => {
  it('takes both bounds, and nothing beyond', () => {
    expect(parseInteger('0', LABEL, 0, 100)).toBe(0)
    expect(parseInteger('100', LABEL, 0, 100)).toBe(100)
    expect(parseInteger('-3', LABEL, -3, 100)).toBe(-3)
    for (const text of ['-1', '101']) {
      expect(refusal(() => parseInteger(text, LABEL, 0, 100)).message).toContain('from 0 to 100')
    }
  })

  it('names only the lower bound where the upper one is no bound', () => {
    const {message} = refusal(() => parseInteger('0', LABEL, 1))
    expect(message).toContain('of at least 1')
    expect(message).not.toContain(String(Number.MAX_SAFE_INTEGER))
  })

  it.each(['', ' ', '1.5', '1e2', '0x10', '1_000', 'ten', '٣', '--1', '9007199254740992', '9'.repeat(400)])(
    'refuses %j',
    text => {
      refusal(() => parseInteger(text, LABEL, 0))
    },
  )

  it('reads back each safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), value => {
        expect(parseInteger(String(value), LABEL, Number.MIN_SAFE_INTEGER)).toBe(value)
      }),
    )
  })
})

describe('parseId', () => {
  it('reads back each id', () => {
    fc.assert(
      fc.property(fc.integer({min: 1, max: Number.MAX_SAFE_INTEGER}), id => {
        expect(parseId(String(id), LABEL)).toBe(id)
      }),
    )
    expect(parseId('007', LABEL)).toBe(7)
  })

  it.each(['9007199254740992', '9007199254740993', '18446744073709551615', '9'.repeat(400), '0', '00'])(
    'refuses %s, which is no id that a number holds',
    text => {
      expect(refusal(() => parseId(text, LABEL)).message).toContain('2^53 - 1')
    },
  )

  it.each(['', ' 5', '5 ', '-5', '+5', '5.0', '5\n', '#5', 'abc', '٣'])('refuses %j', text => {
    expect(refusal(() => parseId(text, LABEL)).message).toContain('wants an id')
  })
})

describe('parseServer', () => {
  it.each([
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['HTTPS://Chat.Example.ORG//', 'https://chat.example.org'],
    ['https://example.org:443/chat/', 'https://example.org/chat'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('reads %s as %s', (text, server) => {
    expect(parseServer(text, LABEL)).toBe(server)
  })

  it('reads its own result as the same address', () => {
    fc.assert(
      fc.property(fc.webUrl({validSchemes: ['http', 'https'], withFragments: false}), url => {
        const server = parseServer(url, LABEL)
        expect(server.endsWith('/')).toBe(false)
        expect(parseServer(server, LABEL)).toBe(server)
      }),
    )
  })

  it.each(['http://ann:hunter2@example.org', 'http://ann@example.org', 'http://:hunter2@example.org'])(
    'refuses credentials in %s and says how to sign in',
    text => {
      expect(refusal(() => parseServer(text, LABEL)).hint).toContain('veza auth login')
    },
  )

  it.each([
    'localhost:8080',
    'example.org',
    '',
    'ws://example.org',
    'file:///etc/passwd',
    'http://',
    'http://a b',
    'http://example.org?token=hunter2',
    'http://example.org#hunter2',
  ])('refuses %j', text => {
    refusal(() => parseServer(text, LABEL))
  })
})

describe('parseSwitch', () => {
  it.each(['1', 'true', 'yes', 'on', 'TRUE', 'On'])('reads %s as true', text => {
    expect(parseSwitch(text, LABEL)).toBe(true)
  })

  it.each(['0', 'false', 'no', 'off', 'False', 'NO'])('reads %s as false', text => {
    expect(parseSwitch(text, LABEL)).toBe(false)
  })

  it.each(['', 'y', 'enabled', '2', 'true\n', ' true'])('refuses %j', text => {
    refusal(() => parseSwitch(text, LABEL))
  })
})

describe('a refused value', () => {
  const readers: readonly [string, (text: string) => unknown][] = [
    ['parseDuration', text => parseDuration(text, LABEL)],
    ['parseInteger', text => parseInteger(text, LABEL, 0, 100)],
    ['parseId', text => parseId(text, LABEL)],
    ['parseServer', text => parseServer(text, LABEL)],
    ['parseSwitch', text => parseSwitch(text, LABEL)],
  ]

  // It may be a password that landed in the wrong place.
  const secret = fc.stringMatching(/^[A-Z]{3}[!-~]{9,20}[A-Z]$/)
  const hidden = fc.oneof(
    secret,
    secret.map(text => `http://ann:${encodeURIComponent(text)}@example.org`),
    secret.map(text => `http://example.org?token=${encodeURIComponent(text)}`),
    secret.map(text => `wss://${encodeURIComponent(text)}/`),
  )

  it.each(readers)('is never repeated by %s', (_, read) => {
    fc.assert(
      fc.property(secret, hidden, (plain, inAddress) => {
        for (const text of [plain, inAddress]) {
          const {message, hint = ''} = refusal(() => read(text))
          expect(`${message} ${hint}`).not.toContain(text)
        }
      }),
    )
  })

  it('is not repeated in part either', () => {
    fc.assert(
      fc.property(secret, text => {
        const {message, hint = ''} = refusal(() => parseServer(`http://ann:${text}@[`, LABEL))
        expect(`${message} ${hint}`).not.toContain(text)
      }),
    )
  })
})
