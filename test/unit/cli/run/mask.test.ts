import {describe, expect, test} from 'vitest'
import {maskedCommandLine} from '../../../../src/lib/cli/run/mask/command-line.js'
import {Masker, parsePattern} from '../../../../src/lib/cli/run/mask/masker.js'
import {isSecretName} from '../../../../src/lib/cli/run/mask/secret-values.js'

const none = new Masker({variables: {}, patterns: []})
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P'
const KEY_LINES = Array.from({length: 25}, (_, index) =>
  `MIIEpAIBAAKCAQEA${String(index).padStart(2, '0')}`.padEnd(64, 'x'),
)
const KEY = ['-----BEGIN RSA PRIVATE KEY-----', ...KEY_LINES, '-----END RSA PRIVATE KEY-----'].join('\n')

describe('isSecretName', () => {
  test.each([
    ...[
      'GITHUB_TOKEN',
      'DB_PASSWORD',
      'MYSQL_PWD',
      'AWS_SECRET_ACCESS_KEY',
      'API_KEY',
      'APIKEY',
      'KEY',
      'BASIC_AUTH',
    ],
    ...[
      'npm_config__auth',
      'NPM_CONFIG_//registry/:_authToken',
      'PRIVATE_PEM',
      'SIGNING_PASSPHRASE',
      'db_pass',
      'KEYS',
    ],
    ...['GOOGLE_CREDENTIALS', 'PGPASSWD', 'GH_PAT', 'PAT', 'SLACK_WEBHOOK_URL', 'WEBHOOKS', 'LOGIN_COOKIE'],
  ])('%s is', name => {
    expect(isSecretName(name)).toBe(true)
  })

  test.each([
    'PATH',
    'GIT_AUTHOR_NAME',
    'KEYBOARD',
    'PWD',
    'OLDPWD',
    'SSH_AUTH_SOCK',
    'COMPASS',
    'PATTERN',
    'DISPATCH',
    'AUTHOR',
    'HOME',
  ])('%s is not', name => {
    expect(isSecretName(name)).toBe(false)
  })
})

describe('values of variables', () => {
  const variables = {
    API_TOKEN: 'hunter2/+?',
    SHORT_TOKEN: 'abc',
    EMPTY_SECRET: undefined,
    PLAIN: 'not a secret',
    PEM_KEY: 'first line\nsecond line\n}\n',
    OVERLAP_KEY: 'er2/+?tail',
  }
  const masker = new Masker({variables, patterns: []})

  test('are masked, also as they stand in an address, in JSON and in base64', () => {
    const base64 = Buffer.from('hunter2/+?').toString('base64')
    expect(masker.mask(`a hunter2/+? ${encodeURIComponent('hunter2/+?')} ${base64} b`)).toBe(
      'a *** *** *** b',
    )
  })

  test('of several lines are masked line by line', () => {
    expect(masker.mask('x first line\ny second line }')).toBe('x ***\ny *** }')
  })

  test('that overlap leave nothing of either', () => {
    expect(masker.mask('hunter2/+?tail')).toBe('***')
  })

  test('that are short or of other variables stay', () => {
    expect(masker.mask('abc not a secret')).toBe('abc not a secret')
  })
})

describe('known shapes', () => {
  test.each([
    ['JWT', JWT],
    ['GitHub', 'ghp_16C7e42F292c6912E7710c838347Ae178B4a'],
    ['GitHub fine-grained', 'github_pat_11ABCDEFG0abcdefghijkl_mnopqrstuvwxyz'],
    ['GitLab', 'glpat-ABCDEFGHIJKLMNOPQRST'],
    ['Slack', 'xoxb-123456789012-abcdefABCDEF'],
    ['AWS', 'AKIAIOSFODNN7EXAMPLE'],
    ['our API key', 'veza_ak_0123456789'],
    ['private key', KEY],
    ['private key in JSON', KEY.replaceAll('\n', '\\n')],
  ])('%s', (_name, secret) => {
    expect(none.mask(`before ${secret}, after`)).toBe('before ***, after')
  })

  test('headers and addresses keep all but the secret', () => {
    expect(none.mask('Authorization: Bearer abc.def-123\n')).toBe('Authorization: Bearer ***\n')
    expect(none.mask("-H 'Authorization: Basic dXNlcjpwYXNz'")).toBe("-H 'Authorization: Basic ***'")
    expect(none.mask('x-api-key: k-12345')).toBe('x-api-key: ***')
    expect(none.mask('postgres://app:p%40ss@db:5432/x')).toBe('postgres://app:***@db:5432/x')
  })

  test('of a private key one mark is enough', () => {
    const [first = '', ...rest] = KEY.split('\n')
    expect(none.mask(`note: x\n${rest.join('\n')}\nend.`)).toBe('note:***\nend.')
    expect(none.mask(`${[first, ...rest.slice(0, 3)].join('\n')}\n- then`)).toBe('***- then')
  })

  test('ordinary output stays as it is', () => {
    const text =
      'npm notice bearer of news\ngit commit 83a20ec058e2fb00e7fa4558c4c6e81e2dcf253d\nhttp://localhost:8080/a?b=c\n' +
      'Basic functionality works\n-----BEGIN CERTIFICATE-----\nsk-learn 12:30:01 user@host'
    expect(none.mask(text)).toBe(text)
  })

  test('no text makes it slow', () => {
    const startMs = performance.now()
    for (const text of ['a.', 'eyJ', '-----END ', 'Bearer ', 'a:/', 'ab-', '://a:', 'A1/+'].map(part =>
      part.repeat(32_768),
    ))
      none.mask(text)
    expect(performance.now() - startMs).toBeLessThan(5000)
  })
})

describe('--mask', () => {
  test('a pattern masks what it matches, of a group named secret only that', () => {
    const patterns = [parsePattern('customer-\\d+', '--mask'), parsePattern('pin=(?<secret>\\d+)', '--mask')]
    expect(new Masker({variables: {}, patterns}).mask('customer-17 pin=1234 customer-x')).toBe(
      '*** pin=*** customer-x',
    )
  })

  test.each(['(', 'a*', ''])('%j is a usage error', pattern => {
    expect(() => parsePattern(pattern, '--mask')).toThrow(expect.objectContaining({code: 'usage'}))
  })
})

describe('maskedCommandLine', () => {
  const masker = new Masker({variables: {MY_TOKEN: 'abcdef'}, patterns: []})
  test.each([
    [['make', 'test'], 'make test'],
    [['sh', '-c', "echo 'hi'"], "sh -c 'echo '\\''hi'\\'''"],
    [['login', '--password', 'hunter2', '-u', 'me'], "login --password '***' -u me"],
    [['login', '--token=hunter2', '--verbose'], "login '--token=***' --verbose"],
    [['env', 'DB_PASSWORD=x', 'LEVEL=3', 'run'], "env 'DB_PASSWORD=***' LEVEL=3 run"],
    [['deploy', '--to', 'abcdef.example'], "deploy --to '***.example'"],
    [['tool', '--auth', '--verbose'], 'tool --auth --verbose'],
    [['x', ''], "x ''"],
  ])('%j', (argv, line) => {
    expect(maskedCommandLine(argv, masker)).toBe(line.replaceAll(/'(\S*\*\*\*\S*)'/g, '$1'))
  })
})
