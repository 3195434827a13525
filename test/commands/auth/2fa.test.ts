import {describe, expect, test} from 'vitest'
import {totpCode} from '../../../src/sandbox/totp.js'
import {DIALECTS, documentOf, ESCAPE, errorOf} from '../../support/chat.js'
import {enveloped, failure, httpStub} from '../../support/http-stub.js'
import {homeOf, openSandbox} from '../../support/sandbox.js'
import {atTerminal, type Ended, type Home, makeHome} from '../../support/veza.js'

const ENABLE = ['auth', '2fa', 'enable']
const LOGIN = ['auth', 'login', '--insecure-storage', '--json']
const NOTICE = 'secret and backup codes are shown only this once: keep them now\n'

interface Factor {
  readonly secret: string
  readonly qr_code: string
  readonly backup_codes: string[]
}

/** A server where alice has a second factor, and a home with her name and password. */
async function withFactor(
  dialect: 'guide' | 'reference' = 'reference',
): Promise<{home: Home; factor: Factor}> {
  const home = homeOf(await openSandbox({dialect}))
  return {home, factor: documentOf<Factor>(await home.run([...ENABLE, '--json', '--quiet']))}
}

const codeOf = ({secret}: Factor): string => totpCode(secret, Date.now())

describe.each(DIALECTS)('auth 2fa enable, %s', dialect => {
  test('--json is the answer of the server, and a sign-in then needs a code', async () => {
    const {home, factor} = await withFactor(dialect)
    expect(factor).toEqual({
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
      qr_code: expect.stringMatching(/^data:image\//),
      backup_codes: expect.arrayContaining([expect.any(String)]),
    })
    const run = await home.run(LOGIN)
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(errorOf(run)).toMatchObject({
      code: 'signed_out',
      server_code: 'TOTP_REQUIRED',
      hint: expect.stringMatching(/--totp or VEZA_TOTP/),
    })
    expect(documentOf(await home.run([...LOGIN, '--totp', codeOf(factor)]))).toMatchObject({
      username: 'alice',
    })
  })
})

describe('auth 2fa enable, what it prints', () => {
  test('a pipe gets secret, address and backup codes, and no picture', async () => {
    const home = homeOf(await openSandbox())
    const {code, stdout, stderr} = await home.run(ENABLE)
    expect({code, stderr}).toEqual({code: 0, stderr: NOTICE})
    const [, secret = ''] = /^secret:\t(\w+)\n/.exec(stdout) ?? []
    const address = `otpauth://totp/Veza:alice?secret=${secret}&issuer=Veza`
    expect(stdout).toMatch(/\nbackup codes:\t\w+( \w+){7}\n$/)
    expect(stdout.split('\n')[1]).toBe(`address:\t${address}`)
    expect(stdout).not.toMatch(/[▀▄█]/)
  })

  test('a person gets the QR code of that address, white on black', async () => {
    const home = homeOf(await openSandbox())
    const {code, screen} = await atTerminal(home, ENABLE)
    expect(code).toBe(0)
    const [address = ''] = /otpauth:\S+/.exec(screen) ?? []
    const {renderUnicodeCompact} = await import('uqr')
    const drawn = [...screen.matchAll(/\[97;40m([▀▄█ ]+)/g)].map(([, row]) => row)
    expect(drawn.join('\n')).toBe(renderUnicodeCompact(address, {border: 2}))
    expect(drawn.length).toBeGreaterThan(15)
    expect(screen).toContain(NOTICE)
  })

  test('without colour it is drawn all the same', async () => {
    const home = homeOf(await openSandbox())
    const {screen} = await atTerminal(home, [...ENABLE, '--no-color'])
    expect(screen).toMatch(/█▀+█|█{7}/)
    expect(screen).not.toContain(ESCAPE)
  })

  test('a factor that is on already is 8, who is not signed in is 4', async () => {
    const sandbox = await openSandbox()
    const home = homeOf(sandbox, 'bob')
    const token = (await home.run(['auth', 'token'])).stdout.trim()
    const signedIn = makeHome({VEZA_SERVER: sandbox.url, VEZA_TOKEN: token})
    expect((await signedIn.run(ENABLE)).code).toBe(0)
    expect(await signedIn.run(ENABLE)).toMatchObject({code: 8, stdout: ''})
    expect(await makeHome({VEZA_SERVER: sandbox.url}).run(ENABLE)).toMatchObject({code: 4, stdout: ''})
  })
})

describe('auth 2fa enable, a server that sends less', () => {
  const me = enveloped({id: 2, username: 'alice'})

  test('a picture alone is handed on as it is, at a terminal too', async () => {
    const qr_code = 'data:image/png;base64,AAAA'
    await using server = await httpStub(me, enveloped({qr_code}), me, enveloped({qr_code}))
    const home = makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'})
    expect((await home.run(ENABLE)).stdout).toBe(`secret:\t\naddress:\t${qr_code}\nbackup codes:\t\n`)
    expect(server.seen[1]).toMatchObject({method: 'POST', path: '/api/v1/auth/2fa/enable'})
    expect(server.seen[1]?.json()).toEqual({backup_codes: true})
    expect((await atTerminal(home, ENABLE)).screen).toMatch(/^\S*address:\S* +data:image\/png;base64,AAAA\n/)
  })

  test('an unusual user name is percent-encoded in the address', async () => {
    await using server = await httpStub(enveloped({id: 2, username: 'a b&c=é'}), enveloped({secret: 'ABCD'}))
    const home = makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'})
    expect((await home.run(ENABLE)).stdout).toContain(
      'totp/Veza:a%20b%26c%3D%C3%A9?secret=ABCD&issuer=Veza\n',
    )
  })
})

describe('a sign-in with a second factor', () => {
  const login = async (home: Home, args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
    home.run([...LOGIN, ...args], {env})

  test('VEZA_TOTP and a backup code will do; a backup code once', async () => {
    const {home, factor} = await withFactor()
    expect((await login(home, [], {VEZA_TOTP: codeOf(factor)})).code).toBe(0)
    const [backup = ''] = factor.backup_codes
    expect((await login(home, ['--totp', backup])).code).toBe(0)
    expect((await login(home, ['--totp', backup])).code).toBe(4)
  })

  test('a wrong code is 4, and is not repeated', async () => {
    const {home} = await withFactor()
    const run = await login(home, ['--totp', '918273'])
    expect(run).toMatchObject({code: 4, stdout: ''})
    expect(errorOf(run)).toMatchObject({code: 'signed_out', server_code: 'INVALID_TOTP'})
    expect(run.stderr).not.toContain('918273')
  })

  test('a person is asked for the code once the server wants it', async () => {
    const {home, factor} = await withFactor()
    const args = ['auth', 'login', '--insecure-storage']
    const typing = [{prompt: 'Code of the second factor: ', typed: `${codeOf(factor)}\r`}]
    const {code, screen} = await atTerminal(home, args, {typing})
    expect(code).toBe(0)
    expect(screen).toMatch(/user:\S* +alice\n/)
  })

  test.each([
    ['--no-input', ['--no-input'], {}],
    ['CI', [], {CI: 'true'}],
  ])('with %s nobody is asked: 4 with the hint', async (_what, flags, env) => {
    const {home} = await withFactor()
    const {code, screen} = await atTerminal(home, ['auth', 'login', '--insecure-storage', ...flags], {env})
    expect(code).toBe(4)
    expect(screen).toMatch(/^error: [^\n]+\nhint: [^\n]*--totp or VEZA_TOTP\n$/)
  })

  test.each(['TOTP_REQUIRED', 'MFA_REQUIRED', '2FA_REQUIRED', 'SECOND_FACTOR_REQUIRED'])(
    'a server that calls it %s is understood',
    async code => {
      await using server = await httpStub(failure(401, code, 'a code, please'))
      const env = {VEZA_SERVER: server.origin, VEZA_USERNAME: 'a', VEZA_PASSWORD: 'b'}
      const run = await makeHome(env).run(LOGIN)
      expect(errorOf(run)).toMatchObject({exit_code: 4, hint: expect.stringContaining('--totp')})
    },
  )
})
