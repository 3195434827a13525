import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {enveloped, httpStub} from '../support/http-stub.js'
import type {Home} from '../support/veza.js'
import {CERT} from '../unit/http/tls-fixture.js'
import {expectFailure} from './kit/failure.js'
import {httpProxy, tlsFront} from './kit/proxies.js'
import {restAs} from './kit/rest.js'
import {bareHome, homeAt, sharedSandbox} from './kit/sandbox.js'
import {LONG_TOKEN, rawServer} from './kit/servers.js'

const sandbox = sharedSandbox()
const ONE = ['messages', 'tail', '1', '--last', '1', '--count', '1']

/** A home in whose room 1 there is at least one message. */
async function homeWithMessage(env: NodeJS.ProcessEnv = {}): Promise<Home> {
  const rest = await restAs(sandbox.url)
  await rest.fill(1, ['over the wire'])
  return homeAt(sandbox.url, 'alice', env)
}

describe('a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy', 'ALL_PROXY'])(
    'of %s is used for REST and WebSocket',
    async variable => {
      const proxy = await httpProxy()
      const home = await homeWithMessage({[variable]: proxy.url})
      expect(await home.run(['rooms', 'get', 'general'])).toMatchObject({code: 0, stderr: ''})
      const restCalls = proxy.asked.length
      expect(restCalls).toBeGreaterThan(0)
      const token = (await restAs(sandbox.url)).token
      const {code, stdout} = await home.run(ONE, {env: {VEZA_TOKEN: token}})
      expect({code, stdout}).toEqual({code: 0, stdout: expect.stringContaining('over the wire')})
      // The WebSocket and the history.
      expect(proxy.asked.length).toBeGreaterThanOrEqual(restCalls + 2)
      for (const asked of proxy.asked) expect(asked).toContain(new URL(sandbox.url).host)
    },
  )

  it.each(['127.0.0.1', '*', 'example.org,127.0.0.1'])(
    'is left aside by NO_PROXY=%s, by WebSocket as well',
    async noProxy => {
      const proxy = await httpProxy()
      const home = await homeWithMessage({HTTP_PROXY: proxy.url, NO_PROXY: noProxy})
      expect(await home.run(['rooms', 'list'])).toMatchObject({code: 0, stderr: ''})
      expect(await home.run(ONE)).toMatchObject({code: 0})
      expect(proxy.asked).toEqual([])
    },
  )

  it('gets its user name and password decoded, and they are shown nowhere', async () => {
    const proxy = await httpProxy()
    const address = proxy.url.replace('http://', 'http://us%40er:p%2Fss%3Aw0rd@')
    const home = homeAt(sandbox.url, 'alice', {HTTP_PROXY: address})
    const {code, stderr} = await home.run(['rooms', 'list', '--debug'])
    expect(code).toBe(0)
    expect(proxy.credentials[0]).toBe('us@er:p/ss:w0rd')
    expect(stderr).not.toMatch(/w0rd|us@er|us%40er/)
  })

  it.each([
    [
      'refuses',
      'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n',
      /407/,
      /HTTPS?_PROXY/,
    ],
    ['is a web page', 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>', /./, undefined],
    ['hangs up', '', /./, undefined],
  ])('that %s ends with 6, its password not repeated', async (_name, answer, says, hint) => {
    const proxy = await rawServer(undefined, (_data, socket) => socket.end(answer))
    const address = proxy.url.replace('http://', 'http://user:w0rd@')
    const env = {HTTP_PROXY: address, VEZA_TOKEN: LONG_TOKEN, VEZA_RETRIES: '0'}
    const home = homeAt('http://127.0.0.1:9', 'alice', env)
    const failure = {exit: 6, says, ...(hint === undefined ? {} : {hint}), never: ['w0rd', LONG_TOKEN]}
    await expectFailure(home, ['rooms', 'list'], failure)
    await expectFailure(home, ['messages', 'tail', '1', '--quiet'], failure)
  })

  it('whose address is none ends with 2, the address not repeated', async () => {
    const home = homeAt(sandbox.url, 'alice', {HTTP_PROXY: 'socks9://user:w0rd@nowhere'})
    const failure = {exit: 2, code: 'config', says: /proxy/, hint: /HTTP_PROXY/, never: ['w0rd']}
    await expectFailure(home, ['rooms', 'list'], failure)
  })
})

describe('a redirect', () => {
  it.each([
    ['token', {VEZA_TOKEN: LONG_TOKEN}, 'authorization', `Bearer ${LONG_TOKEN}`],
    ['API key', {VEZA_API_KEY: 'veza_ak_0123456789'}, 'x-api-key', 'veza_ak_0123456789'],
  ])('to another origin never carries the %s', async (_name, env, header, secret) => {
    await using other = await httpStub(enveloped([]))
    await using server = await httpStub({status: 302, headers: {location: `${other.origin}/api/v1/rooms`}})
    const home = bareHome(server.origin, env)
    const {stderr} = await home.run(['rooms', 'list', '--json', '--retries', '0', '--debug'])
    expect(server.seen[0]?.headers[header]).toBe(secret)
    for (const {headers} of other.seen) expect(JSON.stringify(headers)).not.toContain(secret.slice(7))
    expect(stderr).not.toContain(secret.slice(7))
  })

  it('of a send is not followed: what would repeat it is not known', async () => {
    await using other = await httpStub(enveloped({}))
    await using server = await httpStub({status: 307, headers: {location: `${other.origin}/`}})
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    const failure = {exit: 6, code: 'not_protocol', says: /307/, hint: /--server/, never: ['private']}
    await expectFailure(home, ['messages', 'send', '1', 'private'], failure)
    expect(other.count()).toBe(0)
  })

  it('without end ends with 6', async () => {
    await using server = await httpStub({status: 302, headers: {location: '/api/v1/rooms'}})
    const home = homeAt(server.origin, 'alice', {VEZA_TOKEN: LONG_TOKEN})
    await expectFailure(home, ['rooms', 'list'], {exit: 6, code: 'not_protocol', says: /redirects/})
  })
})

describe('a server with a certificate of its own', () => {
  /** A home that reaches the sandbox by TLS, and the file of its authority. */
  async function tlsHome(env: NodeJS.ProcessEnv = {}): Promise<{home: Home; ca: string}> {
    const {token} = await restAs(sandbox.url)
    await homeWithMessage()
    const home = bareHome(await tlsFront(sandbox.url), {VEZA_TOKEN: token, VEZA_RETRIES: '0', ...env})
    const ca = join(home.folder, 'ca.pem')
    writeFileSync(ca, CERT)
    return {home, ca}
  }

  it('is trusted with --ca and VEZA_CA, by REST and WebSocket', async () => {
    const {home, ca} = await tlsHome()
    const list = await home.run(['rooms', 'list', '--ca', ca])
    expect(list).toMatchObject({code: 0, stderr: ''})
    expect(await home.run(ONE, {env: {VEZA_CA: ca}})).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('over the wire'),
    })
  })

  it('is trusted with NODE_EXTRA_CA_CERTS', async () => {
    const {home, ca} = await tlsHome()
    const env = {NODE_EXTRA_CA_CERTS: ca}
    expect(await home.run(['rooms', 'list'], {env})).toMatchObject({code: 0, stderr: ''})
    expect(await home.run(ONE, {env})).toMatchObject({code: 0})
  })

  it('is trusted through a proxy', async () => {
    const proxy = await httpProxy()
    const {home, ca} = await tlsHome({HTTPS_PROXY: proxy.url})
    expect(await home.run(['rooms', 'list', '--ca', ca])).toMatchObject({code: 0, stderr: ''})
    expect(await home.run([...ONE, '--ca', ca])).toMatchObject({code: 0})
    expect(proxy.asked.length).toBeGreaterThanOrEqual(3)
  })

  it('ends with 6 and a hint without it, by REST and WebSocket', async () => {
    const {home} = await tlsHome()
    const failure = {exit: 6, code: 'unreachable', says: /./, hint: /--ca/}
    await expectFailure(home, ['rooms', 'list'], {...failure, says: /certificate/})
    await expectFailure(home, [...ONE, '--quiet'], failure)
  })

  it('is taken with --insecure, with a warning each time', async () => {
    const {home} = await tlsHome()
    for (const args of [['rooms', 'list'], ONE]) {
      const {code, stderr} = await home.run([...args, '--insecure', '--quiet'])
      expect(code).toBe(0)
      expect(stderr).toMatch(/^warning: --insecure: [^\n]+\n/)
      expect(stderr).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED')
    }
  })

  it('is not taken because a config file says insecure', async () => {
    const {home} = await tlsHome()
    writeFileSync(join(home.folder, 'config.json'), '{"insecure": true}')
    const run = {env: {VEZA_CONFIG_DIR: home.folder}}
    await expectFailure(home, ['rooms', 'list'], {exit: 2, code: 'config', says: /insecure/, run})
  })

  it.each([
    ['missing', 'missing.pem', /does not exist/],
    ['no PEM', 'config.json', /PEM/],
  ])('ends with 2 where the file of --ca is %s', async (_name, name, says) => {
    const {home} = await tlsHome()
    writeFileSync(join(home.folder, 'config.json'), '{}')
    await expectFailure(home, ['rooms', 'list', '--ca', join(home.folder, name)], {exit: 2, says})
  })

  it('spoken to by http ends with 6', async () => {
    const {home} = await tlsHome()
    const server = home.env.VEZA_SERVER?.replace('https:', 'http:') ?? ''
    await expectFailure(home, ['rooms', 'list', '--server', server], {exit: 6, says: /127\.0\.0\.1/})
  })

  it('that speaks no TLS ends with 6 and says so', async () => {
    const home = homeAt(sandbox.url.replace('http:', 'https:'), 'alice', {VEZA_RETRIES: '0'})
    await expectFailure(home, ['rooms', 'list'], {exit: 6, says: /TLS/, hint: /http:\/\//})
  })
})

describe('a server without encryption that is not on this machine', () => {
  it('gets a warning each time', async () => {
    const home = homeAt(sandbox.url.replace('127.0.0.1', '0.0.0.0'))
    const {code, stderr} = await home.run(['rooms', 'list', '--quiet'])
    expect({code, stderr}).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^warning: [^\n]*not encrypted[^\n]*\n$/),
    })
  })
})
