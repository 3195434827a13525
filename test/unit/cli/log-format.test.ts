import {describe, expect, it, onTestFinished, vi} from 'vitest'
import {logFormat, logFormatByWord, logRedactor} from '../../../src/lib/cli/log-format.js'
import {processEnvironment} from '../../../src/lib/config/environment.js'

const having = (value?: string) => ({get: (name: string) => (name === 'VEZA_LOG_FORMAT' ? value : undefined)})

describe('the format of the log', () => {
  it.each([
    ['json', 'text', true, 'json'],
    ['text', 'json', true, 'text'],
    [undefined, 'json', true, 'json'],
    [undefined, 'json', false, undefined],
    [undefined, 'nonsense', false, undefined],
    [undefined, undefined, true, undefined],
  ] as const)('flag %s and variable %s, with the flag: %s, give %s', (flag, variable, hasFlag, format) => {
    expect(logFormat(flag, having(variable), hasFlag)).toBe(format)
  })

  it('is a usage error where the variable is neither', () => {
    expect(() => logFormat(undefined, having('yaml'), true)).toThrow(
      expect.objectContaining({code: 'usage', message: 'VEZA_LOG_FORMAT wants one of: text, json'}),
    )
  })

  it.each([
    [['--log-format=json'], undefined, true, 'json'],
    [['general', '--log-format', 'json'], undefined, true, 'json'],
    [['--log-format', 'text'], 'json', true, undefined],
    [['json'], undefined, true, undefined],
    [[], 'json', true, 'json'],
    [[], 'yaml', true, undefined],
    [['--log-format=json'], 'json', false, undefined],
    [['--', 'tool', '--log-format', 'json'], undefined, true, undefined],
  ] as const)(
    'by the words %j and the variable %s, with the flag: %s, is %s',
    (argv, variable, hasFlag, format) => {
      expect(logFormatByWord(argv, having(variable), hasFlag)).toBe(format)
    },
  )
})

describe('the redactor', () => {
  it('is there for json only', () => {
    expect([logRedactor(undefined, having(undefined)), logRedactor('text', having(undefined))]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('leaves out what looks secret, and the values of variables that are named so', () => {
    vi.stubEnv('VEZA_PASSWORD', 'correct-horse')
    onTestFinished(() => void vi.unstubAllEnvs())
    const redact = logRedactor('json', processEnvironment())
    const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl'
    expect(redact?.(`Bearer ${token} for correct-horse, veza_ak_1234567, redis://u:pw12345@h`)).toBe(
      'Bearer *** for ***, ***, redis://u:***@h',
    )
  })

  it.each([
    ['rediss://:p%40ss@h:6379/0 is away', 'rediss://:***@h:6379/0 is away'],
    ['GET https://u:secret1@h/ws?token=abcdef12&x=1', 'GET https://u:***@h/ws?token=***&x=1'],
    ['refresh_token=abcdef12; next', 'refresh_token=***; next'],
    ['{"password":"hunter22","ok":1}', '{"password":"***","ok":1}'],
    ["{'api_key': 'hunter22'}", "{'api_key': '***'}"],
    ['Authorization: Basic dTpwdw==', 'Authorization: Basic ***'],
    ['authorization: Bearer abcdef12', 'authorization: Bearer ***'],
    ['Authorization: abcdef12', 'Authorization: ***'],
    ['the token is refused; password: see --help', 'the token is refused; password: see --help'],
  ])('writes %j as %j', (text, expected) => {
    expect(logRedactor('json', processEnvironment())?.(text)).toBe(expected)
  })

  it('leaves plain notices as they are', () => {
    const redact = logRedactor('json', processEnvironment())
    expect(redact?.('connecting again in 1.0 s (try 1)')).toBe('connecting again in 1.0 s (try 1)')
  })
})
