import {createHmac} from 'node:crypto'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import Database from 'libsql'
import {describe, expect, test} from 'vitest'
import {DIALECTS, documentOf, errorOf, RFC_3339, signIn} from '../../support/chat.js'
import {httpStub} from '../../support/http-stub.js'
import {openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Ended, type Home, makeHome} from '../../support/veza.js'

const VERIFY = ['auth', 'verify']
const SECRET = 'a secret of this test'
const NOW = Math.floor(Date.now() / 1000)

/** A token signed by hand. */
function token(claims: object = {}, secret: string | Buffer = SECRET, alg = 'HS256'): string {
  const all = {
    sub: '2',
    username: 'alice',
    role: 'user',
    permissions: ['read', 'write'],
    jti: 'one',
    iat: NOW,
  }
  const parts = [{alg}, {...all, exp: NOW + 3600, ...claims}]
  const body = parts.map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

/** A home with the secret and no server that could be asked. */
const offline = (env: NodeJS.ProcessEnv = {}): Home =>
  makeHome({VEZA_SERVER: 'http://127.0.0.1:9', VEZA_JWT_SECRET: SECRET, ...env})

const verify = (text: string, flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
  offline(env).run([...VERIFY, '--token-stdin', ...flags], {stdin: text})

describe.each(DIALECTS)('auth verify against a server, %s', dialect => {
  /** A server whose secret is known, and a home of alice with that secret. */
  async function known(): Promise<{home: Home; url: string; secret: string}> {
    const dataFile = join(makeHome().folder, 'chat.db')
    const {url} = await openSandbox({dialect, dataFile})
    const database = new Database(dataFile)
    const row = database.prepare("SELECT value FROM meta WHERE key = 'jwt_secret'").get() as {value: string}
    database.close()
    const env = {VEZA_SERVER: url, VEZA_TOKEN: await signIn(url, 'alice'), VEZA_JWT_SECRET: row.value}
    return {home: makeHome(env), url, secret: row.value}
  }

  test('the token in use is good, and the clocks agree', async () => {
    const {home, secret} = await known()
    const run = await home.run([...VERIFY, '--json'])
    const record = documentOf<Record<string, never>>(run)
    expect(record).toEqual({
      algorithm: 'HS256',
      claims: {
        sub: '2',
        username: 'alice',
        role: 'user',
        permissions: ['read', 'write'],
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
      },
      issued_at: expect.stringMatching(RFC_3339),
      expires_at: expect.stringMatching(RFC_3339),
      remaining_ms: expect.any(Number),
      clock_skew_ms: expect.any(Number),
    })
    expect(record.remaining_ms).toBeGreaterThan(800_000)
    expect(Math.abs(record.clock_skew_ms!)).toBeLessThan(5000)
    expect(run.stdout).not.toContain(secret)
    expect(run.stdout).not.toContain(home.env.VEZA_TOKEN)
  })

  test('a session that is kept in a file is verified as well', async () => {
    const {url, secret} = await known()
    const home = makeHome({VEZA_SERVER: url, VEZA_JWT_SECRET: secret})
    const env = {VEZA_USERNAME: 'bob', VEZA_PASSWORD: 'bob-pass'}
    documentOf(await home.run(['auth', 'login', '--insecure-storage', '--json'], {env}))
    expect((await home.run(VERIFY)).stdout).toMatch(/^user id:\t3\nuser:\tbob\n/)
  })
})

describe('auth verify, where token and secret come from', () => {
  test.each([['--token-stdin'], ['-']])('%s reads the first line of stdin', async source => {
    const run = await offline().run([...VERIFY, source, '--json'], {stdin: `${token()}\r\nmore\n`})
    expect(documentOf(run)).toMatchObject({claims: {username: 'alice'}})
  })

  test.each([
    ['', SECRET],
    ['\n', SECRET],
    ['\r\n', SECRET],
    ['\n\n', `${SECRET}\n`],
    [' ', `${SECRET} `],
  ])('--secret-file is the whole file but one line break: %j', async (end, secret) => {
    const home = offline({VEZA_JWT_SECRET: 'not this'})
    const file = join(home.folder, 'secret')
    writeFileSync(file, SECRET + end)
    const args = [...VERIFY, '-', '--secret-file', file]
    expect((await home.run(args, {stdin: token({}, secret)})).code).toBe(0)
  })

  test('a secret may be bytes that are no text', async () => {
    const home = offline()
    const file = join(home.folder, 'secret')
    const secret = Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x80])
    writeFileSync(file, secret)
    const run = await home.run([...VERIFY, '-', '--secret-file', file], {stdin: token({}, secret)})
    expect(run.code).toBe(0)
  })

  test('no secret is a usage error that names variable and flag', async () => {
    const run = await verify(token(), [], {VEZA_JWT_SECRET: ''})
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).toMatch(
      /^error: the secret [^\n]+ is missing\nhint: [^\n]*--secret-file or VEZA_JWT_SECRET\n$/,
    )
  })

  test('an empty or missing secret file is 2, nothing on stdin as well', async () => {
    const home = offline()
    writeFileSync(join(home.folder, 'empty'), '\n')
    for (const file of [join(home.folder, 'empty'), join(home.folder, 'none')]) {
      const run = await home.run([...VERIFY, '-', '--secret-file', file], {stdin: token()})
      expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringContaining(file)})
    }
    expect(await verify('')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: the token is missing on stdin\n/),
    })
  })

  test('a token as an argument is refused and not repeated', async () => {
    const run = await offline().run([...VERIFY, token(), '--debug'])
    expect(run).toMatchObject({code: 2, stdout: ''})
    expect(run.stderr).not.toContain(token().split('.')[1])
  })

  test('a person is asked for it, and it is not shown', async () => {
    const {code, screen} = await atTerminal(offline(), [...VERIFY, '-'], {
      typing: [{prompt: 'Token', typed: `${token()}\r`}],
    })
    expect(code).toBe(0)
    expect(screen).toMatch(/ends:\S* +in (59 min|1 h)\n/)
    expect(screen).not.toContain(token().split('.')[2])
  })
})

describe('auth verify, what it finds', () => {
  test('a pipe gets every claim on a line; no server is no failure', async () => {
    const {code, stdout, stderr} = await verify(token())
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    expect(stdout).toMatch(
      new RegExp(
        '^user id:\t2\nuser:\talice\nrole:\tuser\npermissions:\tread, write\n' +
          `issued:\t${RFC_3339.source}\nends:\t${RFC_3339.source}\nseconds left:\t35\\d\\d\n` +
          'token id:\tone\nalgorithm:\tHS256\nclock skew:\t\n$',
      ),
    )
  })

  test('a clock that is wrong by an hour is shown', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    await using server = await httpStub({status: 404, headers: {date}, body: 'no such page'})
    const run = await verify(token(), ['--json'], {VEZA_SERVER: server.origin})
    const skewMs = Number(documentOf(run).clock_skew_ms)
    expect(Math.round(skewMs / 60_000)).toBe(60)
    expect(server.seen.map(({path, headers}) => [path, headers.authorization])).toEqual([
      ['/health', undefined],
    ])
  })

  test.each([
    ['over', token({exp: NOW - 60}), /it ended at \d{4}-/],
    ['not yet good', token({nbf: NOW + 60}), /it is not good before \d{4}-/],
    ['signed with another secret', token({}, 'other'), /its signature is wrong/],
    ['not signed', token({}, SECRET, 'none'), /alg: none/],
    ['RS256', token({}, SECRET, 'RS256'), /signed with RS256/],
    ['garbage', 'garbage', /1 parts/],
  ])('one that is %s is 4, in one line', async (_what, text, reason) => {
    const run = await verify(text, ['--json', '--debug'])
    expect(run).toMatchObject({code: 4, stdout: ''})
    const plain = await verify(text, ['--json'])
    expect(errorOf(plain)).toMatchObject({
      code: 'signed_out',
      exit_code: 4,
      message: expect.stringMatching(reason),
    })
    for (const part of [SECRET, text.split('.')[2] ?? 'garbage']) expect(run.stderr).not.toContain(part)
  })

  test('--leeway lets one through that has just ended', async () => {
    const run = await verify(token({exp: NOW - 60}), ['--leeway', '10m', '--json'])
    expect(Number(documentOf(run).remaining_ms)).toBeLessThan(-50_000)
  })

  test('hostile claims reach no terminal', async () => {
    const home = offline({VEZA_TOKEN: token({username: '\u001b[2Jevil\u202e', role: {a: 1}})})
    const {code, screen} = await atTerminal(home, VERIFY)
    expect(code).toBe(0)
    expect(screen).not.toMatch(/\u001b\[2J|\u202e/)
    expect(screen).toMatch(/role:\S* +\{"a":1\}/)
  })

  test('an API key is no token', async () => {
    const run = await offline({VEZA_API_KEY: 'veza_ak_x'}).run(VERIFY)
    expect(run).toMatchObject({code: 2, stdout: '', stderr: expect.stringMatching(/an API key is in use/)})
  })
})
