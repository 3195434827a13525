import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {httpProxy, tlsFront} from '../e2e/kit/proxies.js'
import {DIALECTS, documentOf, errorOf, signIn, useChat} from '../support/chat.js'
import {closedPort, enveloped, failure, httpStub} from '../support/http-stub.js'
import {homeOf} from '../support/sandbox.js'
import {atTerminal, type Ended, type Home, makeHome} from '../support/veza.js'
import {CERT} from '../unit/http/tls-fixture.js'

interface Row {
  readonly check: string
  readonly status: string
  readonly detail: string
  readonly hint?: string
}

const CHECKS = [
  ...['config', 'folders', 'server', 'tls', 'proxy', 'clock', 'rest', 'websocket'],
  ...['keychain', 'encrypted file', 'plain file', 'session'],
]

/** Runs it; the one JSON document on stdout by check, and its exit code. */
async function examine(home: Home, env: NodeJS.ProcessEnv = {}, ...flags: string[]) {
  const run = await home.run(['doctor', '--json', '--retries', '0', ...flags], {env})
  const rows = JSON.parse(run.stdout) as Row[]
  const row = (check: string): Row => rows.find(each => each.check === check)!
  const failed = rows.filter(({status}) => status === 'failed').map(({check}) => check)
  return {run, rows, row, failed, code: run.code}
}

describe.each(DIALECTS)('doctor where all is well, %s', dialect => {
  const chat = useChat({dialect})

  test('a pipe gets a line a check, in order, and 0', async () => {
    const {code, stdout, stderr} = await homeOf(chat).run(['doctor'])
    expect({code, stderr}).toEqual({code: 0, stderr: ''})
    const lines = stdout.split('\n').slice(0, -1)
    const cells = lines.map(line => line.split('\t'))
    expect(cells.map(([check]) => check)).toEqual(CHECKS)
    for (const cell of cells) expect(cell).toHaveLength(4)
    const statuses = Object.fromEntries(cells.map(([check, status]) => [check, status]))
    expect(statuses).toMatchObject({server: 'ok', tls: 'skipped', rest: 'ok', websocket: 'ok', session: 'ok'})
  })

  test('--json is one document', async () => {
    const rows = documentOf<Row[]>(await homeOf(chat).run(['doctor', '--json']))
    expect(rows.map(({check}) => check)).toEqual(CHECKS)
    expect(rows.find(({check}) => check === 'rest')?.detail).toMatch(/^alice \(user\), \d+ ms$/)
  })
})

describe('doctor, for a person', () => {
  const chat = useChat()

  test('marks and words, nothing cut off, the hint below', async () => {
    const home = homeOf(chat, 'alice', {DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus'})
    const {code, screen} = await atTerminal(home, ['doctor', '--no-color'])
    expect(code).toBe(0)
    expect(screen).toMatch(/^config: +✓ ok {7}read no file, .*username=alice \(environment VEZA_USERNAME\)/)
    expect(screen).toMatch(/\ntls: +- skipped {2}/)
    expect(screen).toMatch(
      /\nkeychain: +! warning {2}the OS keychain cannot be used: [^\n]+\n +hint: unlock it/,
    )
  })

  test('a failure has its mark, and the error is told', async () => {
    const home = makeHome({VEZA_SERVER: chat.url})
    const {code, screen} = await atTerminal(home, ['doctor'])
    expect(code).toBe(4)
    expect(screen).toMatch(/session:\S* +\S*✗ failed {3}\S*not signed in to /)
    expect(screen).toMatch(/\nerror: not signed in to [^\n]+\nhint: run: veza auth login\n$/)
  })
})

describe('doctor, what it finds', () => {
  const chat = useChat()

  test('nobody signed in is 4, and what needs a session is left out', async () => {
    const {code, failed, row, run} = await examine(makeHome({VEZA_SERVER: chat.url}))
    expect({code, failed}).toEqual({code: 4, failed: ['session']})
    expect([row('rest').status, row('websocket').status]).toEqual(['skipped', 'skipped'])
    expect(errorOf(run)).toMatchObject({code: 'signed_out', exit_code: 4})
  })

  test('a session that the server refuses is 4', async () => {
    const {code, failed} = await examine(makeHome({VEZA_SERVER: chat.url, VEZA_TOKEN: 'n0t-a-token'}))
    expect({code, failed}).toEqual({code: 4, failed: ['rest', 'websocket']})
  })

  test('a server that is not there is 6, and the rest is looked at all the same', async () => {
    const server = `http://127.0.0.1:${await closedPort()}`
    const {code, failed, row} = await examine(makeHome({VEZA_SERVER: server, VEZA_TOKEN: 'x'}))
    expect({code, failed}).toEqual({code: 6, failed: ['server']})
    expect(row('server').detail).toMatch(/the connection was refused/)
    expect(row('rest')).toMatchObject({status: 'skipped', detail: 'the server was not reached'})
    expect(row('plain file').status).toBe('ok')
    expect(row('session').status).toBe('warning')
  })

  test('a config file that is none is 2, and there is nothing else to look at', async () => {
    const home = makeHome()
    const folder = join(home.folder, '.config', 'veza')
    mkdirSync(folder, {recursive: true})
    writeFileSync(join(folder, 'config.json'), '{"server": ')
    const {code, rows} = await examine(home)
    expect(code).toBe(2)
    expect(rows).toEqual([expect.objectContaining({check: 'config', status: 'failed'})])
    expect(rows[0]?.detail).toContain(join(folder, 'config.json'))
  })

  test('a bad variable is 2, a bad flag as everywhere', async () => {
    const {code, rows} = await examine(makeHome(), {VEZA_CONNECT_TIMEOUT: 'never'})
    expect({code, detail: rows[0]?.detail}).toEqual({
      code: 2,
      detail: expect.stringMatching(/VEZA_CONNECT_TIMEOUT/),
    })
    expect(await makeHome().run(['doctor', '--nope'])).toMatchObject({code: 2, stdout: ''})
  })

  test('config names the files that were read, and each setting with its source', async () => {
    const home = makeHome({VEZA_TOKEN: await signIn(chat.url, 'alice')})
    const folder = join(home.folder, '.config', 'veza')
    mkdirSync(folder, {recursive: true})
    writeFileSync(join(folder, 'config.json'), JSON.stringify({server: chat.url, read_timeout: '90s'}))
    const {row} = await examine(home, {VEZA_ROOM: 'general'})
    const {detail} = row('config')
    const file = join(folder, 'config.json')
    expect(detail).toMatch(`read ${file}; `)
    for (const setting of [
      `server=${chat.url} (user file ${file})`,
      `read_timeout=90s (user file ${file})`,
      'room=general (environment VEZA_ROOM)',
      'retries=0 (flag)',
    ])
      expect(detail).toContain(setting)
    expect(detail).not.toContain('write_timeout')
  })

  test('folders that cannot be written are 2', async () => {
    const env = {
      VEZA_SERVER: chat.url,
      VEZA_TOKEN: await signIn(chat.url, 'alice'),
      VEZA_STATE_DIR: '/dev/null/veza',
    }
    const {code, failed, row} = await examine(makeHome(env))
    expect({code, failed}).toEqual({code: 2, failed: ['folders']})
    expect(row('plain file')).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining('/dev/null/veza'),
    })
  })

  test('a keychain that is required and missing is a failure', async () => {
    const env = {VEZA_REQUIRE_KEYCHAIN: 'true', DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus'}
    const {code, failed} = await examine(homeOf(chat, 'alice', env))
    expect({code, failed}).toEqual({code: 2, failed: ['keychain']})
  })

  test('a session in an encrypted file is found there, without its passphrase it is not', async () => {
    const home = makeHome({VEZA_SERVER: chat.url, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/no/bus'})
    const secrets = {VEZA_PASSPHRASE: 'pa55phrase', VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    expect((await home.run(['auth', 'login'], {env: secrets})).code).toBe(0)
    const {code, row} = await examine(home, {VEZA_PASSPHRASE: 'pa55phrase'})
    expect({code, encrypted: row('encrypted file').status}).toEqual({code: 0, encrypted: 'ok'})
    expect(row('session').detail).toMatch(
      /\(encrypted\); the access token ends in 1[45] min, .*then it is renewed$/,
    )
    const without = await examine(home)
    expect({code: without.code, failed: without.failed}).toEqual({
      code: 4,
      failed: ['rest', 'websocket', 'encrypted file', 'session'],
    })
  })

  test('an API key is a session, too', async () => {
    const {key} = (await chat.call('alice', 'POST', '/auth/api-keys', {name: 'k'})) as {key: string}
    const {code, row} = await examine(makeHome({VEZA_SERVER: chat.url, VEZA_API_KEY: key}))
    expect(code).toBe(0)
    expect(row('websocket').status).toBe('ok')
    expect(row('session').detail).toMatch(/VEZA_API_KEY\); an API key/)
  })
})

describe('doctor, the way to the server', () => {
  const chat = useChat()

  test('a proxy is named without its credentials', async () => {
    const proxy = await httpProxy()
    const HTTP_PROXY = proxy.url.replace('http://', 'http://me:pr0xypass@')
    const {code, row} = await examine(homeOf(chat, 'alice', {HTTP_PROXY}))
    expect(code).toBe(0)
    expect(row('proxy').detail).toBe(proxy.url.replace('http://', 'http://***:***@'))
    expect(proxy.asked.length).toBeGreaterThan(2)
  })

  test('a certificate is shown, through a proxy as well, and one that is not trusted is 6', async () => {
    const front = await tlsFront(chat.url)
    const home = makeHome({VEZA_SERVER: front, VEZA_TOKEN: await signIn(chat.url, 'alice')})
    const ca = join(home.folder, 'ca.pem')
    writeFileSync(ca, CERT)
    const proxy = await httpProxy()
    for (const env of [{}, {HTTPS_PROXY: proxy.url}]) {
      const {code, row} = await examine(home, env, '--ca', ca)
      expect({code, status: row('tls').status}).toEqual({code: 0, status: 'ok'})
      expect(row('tls').detail).toMatch(/^veza test authority, issued by .*; ends in \d+ days; TLSv1\.3$/)
    }
    expect(proxy.asked).toContain(new URL(front).host)
    const untrusted = await examine(home)
    expect({code: untrusted.code, failed: untrusted.failed}).toEqual({code: 6, failed: ['server', 'tls']})
    expect(untrusted.row('tls')).toMatchObject({
      detail: expect.stringMatching(/not trusted/),
      hint: expect.stringMatching(/--ca/),
    })
    expect((await examine(home, {}, '--insecure')).row('tls').status).toBe('warning')
  })

  test('a clock that is wrong and a server without /health are told', async () => {
    const date = new Date(Date.now() - 3_600_000).toUTCString()
    await using server = await httpStub(({path, headers}) =>
      path === '/api/v1/users/me' && headers.authorization !== undefined
        ? {...enveloped({id: 2, username: 'alice'}), headers: {date}}
        : {...failure(404, 'NOT_FOUND', 'nothing here'), headers: {date}},
    )
    const {code, failed, row} = await examine(makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'}))
    expect(row('server')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/\(no \/health, 404\)$/),
    })
    expect(row('clock')).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^3\d{3} s ahead of the server’s$/),
    })
    expect({code, failed}).toEqual({code: 6, failed: ['websocket']})
  })

  test('a server that only fails is 1', async () => {
    await using server = await httpStub({status: 503, body: 'down'})
    const {code, failed} = await examine(makeHome({VEZA_SERVER: server.origin, VEZA_TOKEN: 'x'}))
    expect({code, failed}).toEqual({code: 1, failed: ['server']})
  })
})

describe('doctor, what may never be in it', () => {
  const chat = useChat()
  const textOf = ({stdout, stderr}: Ended): string => stdout + stderr

  test('no token, password, API key, passphrase or proxy password, whatever is wrong', async () => {
    const token = await signIn(chat.url, 'alice')
    const proxy = await httpProxy()
    const secrets = {
      VEZA_PASSPHRASE: 's3cret-passphrase',
      VEZA_PASSWORD: 's3cret-password',
      BOT_PASSWORD: 's3cret-bot',
      VEZA_JWT_SECRET: 's3cret-jwt',
      VEZA_TOTP: 's3cret-totp',
      HTTP_PROXY: proxy.url.replace('http://', 'http://me:s3cret-proxy@'),
    }
    const homes = [
      {VEZA_TOKEN: token},
      {VEZA_TOKEN: 's3cret-token', VEZA_REFRESH_TOKEN: 's3cret-refresh'},
      {VEZA_API_KEY: 's3cret-api-key'},
      {VEZA_SERVER: `http://127.0.0.1:${await closedPort()}`, VEZA_REFRESH_TOKEN: 's3cret-refresh'},
      {HTTP_PROXY: 'nonsense://me:s3cret-proxy@nowhere'},
      {VEZA_USERNAME: 'alice'},
    ].map(env => makeHome({VEZA_SERVER: chat.url, ...secrets, ...env}))
    const args = ['doctor', '--retries', '0', '--debug', '--verbose']
    for (const home of homes) {
      for (const run of [await home.run(args), await home.run([...args, '--json'])]) {
        expect(run.stdout).toContain('folders')
        expect(textOf(run)).not.toMatch(/s3cret/)
        expect(textOf(run)).not.toContain(token)
        expect(run.code).not.toBe(70)
      }
    }
  })
})
