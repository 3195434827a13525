import {once} from 'node:events'
import {createServer as createHttpServer, type Server} from 'node:http'
import {createServer} from 'node:https'
import {type AddressInfo, connect, type Socket} from 'node:net'
import type {TLSSocket} from 'node:tls'
import {afterEach, describe, expect, test, vi} from 'vitest'
import {type ConnectionOptions, createAgentFor} from '../../../src/lib/http/agents.js'
import {createHttpClient} from '../../../src/lib/http/client.js'
import {closedPort, enveloped, httpStub} from '../../support/http-stub.js'
import {CERT, KEY} from './tls-fixture.js'

const DIRECT = {proxyFor: () => ''}
const servers: {server: Server; sockets: Set<Socket>}[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const {server, sockets} of servers.splice(0)) {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  }
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', socket => sockets.add(socket.on('error', () => {})))
  servers.push({server, sockets})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** An HTTPS server that answers with the common name of the client's certificate. */
async function tlsServer(): Promise<string> {
  const server = createServer(
    {key: KEY, cert: CERT, ca: CERT, requestCert: true, rejectUnauthorized: false},
    (request, response) => {
      const {subject} = (request.socket as TLSSocket).getPeerCertificate()
      response.end(JSON.stringify({client: subject?.CN ?? null}))
    },
  )
  return `https://127.0.0.1:${await listen(server)}`
}

/** A proxy that knows CONNECT, wants user and password, and notes what it was asked for. */
async function proxy(): Promise<{port: number; asked: string[]}> {
  const asked: string[] = []
  const server = createHttpServer().on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '')
    const login = `Basic ${Buffer.from('me:p@ss').toString('base64')}`
    if (request.headers['proxy-authorization'] !== login) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n')
      return
    }
    const [host, port] = (request.url ?? '').split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
  })
  return {port: await listen(server), asked}
}

function get(restBase: string, options: ConnectionOptions) {
  const effects = {now: () => 0, random: () => 0, sleep: async () => {}}
  const http = createHttpClient({
    restBase,
    userAgent: 'veza/1',
    agentFor: createAgentFor(options),
    retries: 0,
    effects,
  })
  return http.request({method: 'GET', path: '/'})
}

describe('TLS', () => {
  test('an unknown authority is refused, with the way out', async () => {
    const server = await tlsServer()
    await expect(get(server, DIRECT)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('certificate is not trusted'),
      hint: expect.stringContaining('--ca'),
    })
  })

  test('it is accepted with its certificate, beside those Node knows, or on --insecure', async () => {
    const server = await tlsServer()
    expect((await get(server, {...DIRECT, ca: [CERT]})).data).toEqual({client: null})
    expect((await get(server, {...DIRECT, insecure: true})).data).toEqual({client: null})
    const {rootCertificates} = await import('node:tls')
    const agent = await createAgentFor({...DIRECT, ca: [CERT]})(new URL(server))
    const {ca} = (agent as unknown as {options: {ca: string[]}}).options
    expect(ca).toEqual([...rootCertificates, CERT])
  })

  test('a client certificate is shown', async () => {
    const options = {...DIRECT, ca: [CERT], cert: CERT, key: KEY}
    expect((await get(await tlsServer(), options)).data).toEqual({client: 'veza test authority'})
  })

  test.each([
    {cert: 'nonsense', key: KEY},
    {cert: CERT, key: 'nonsense'},
  ])('PEM that is none: %#', async options => {
    await expect(get('https://127.0.0.1:1', {...DIRECT, ...options})).rejects.toMatchObject({code: 'config'})
  })

  test('a server without TLS', async () => {
    await using stub = await httpStub({})
    await expect(get(stub.origin.replace('http', 'https'), DIRECT)).rejects.toMatchObject({
      code: 'unreachable',
      hint: expect.stringContaining('http://'),
    })
  })
})

describe('proxy', () => {
  test('carries http and https, its password decoded, the authority of the server known', async () => {
    const {port, asked} = await proxy()
    const proxyFor = () => `http://me:p%40ss@127.0.0.1:${port}`
    await using stub = await httpStub(enveloped(1))
    expect((await get(stub.origin, {proxyFor})).data).toBe(1)
    const server = await tlsServer()
    const tls = {ca: [CERT], cert: CERT, key: KEY}
    expect((await get(server, {proxyFor, ...tls})).data).toEqual({client: 'veza test authority'})
    expect(asked).toEqual([new URL(stub.origin).host, new URL(server).host])
    await expect(get(server, {proxyFor})).rejects.toMatchObject({
      message: expect.stringContaining('not trusted'),
    })
  })

  test('that wants a password says so', async () => {
    const {port} = await proxy()
    await using stub = await httpStub({})
    await expect(get(stub.origin, {proxyFor: () => `http://127.0.0.1:${port}`})).rejects.toMatchObject({
      code: 'unreachable',
      status: 407,
      hint: expect.stringContaining('HTTPS_PROXY'),
    })
    expect(stub.count()).toBe(0)
  })

  test('that is down is named', async () => {
    const port = await closedPort()
    await expect(
      get('http://chat.invalid', {proxyFor: () => `http://127.0.0.1:${port}`}),
    ).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(`refused by 127.0.0.1:${port}`),
    })
  })

  test.each(['socks5://me:secret@h:1', 'me:secret@'])('whose address is of no use: %s', async address => {
    const error = await get('http://h', {proxyFor: () => address}).catch(e => e)
    expect(error.code).toBe('config')
    expect(JSON.stringify([error.message, error.hint])).not.toContain('secret')
  })

  test('is that of the environment, for WebSocket as for REST', async () => {
    vi.stubEnv('https_proxy', 'http://127.0.0.1:1')
    vi.stubEnv('http_proxy', '')
    vi.stubEnv('no_proxy', 'inside.example')
    const agentFor = createAgentFor()
    const {HttpsProxyAgent} = await import('https-proxy-agent')
    const rest = await agentFor(new URL('https://chat.example/api/v1'))
    expect(rest).toBeInstanceOf(HttpsProxyAgent)
    expect(await agentFor(new URL('wss://chat.example/ws'))).toBe(rest)
    expect(await agentFor(new URL('https://inside.example'))).not.toBeInstanceOf(HttpsProxyAgent)
    expect(await agentFor(new URL('ws://chat.example'))).not.toBeInstanceOf(HttpsProxyAgent)
  })
})

test('connections are kept for the next request only on demand', async () => {
  const seen = new Set<number | undefined>()
  await using stub = await httpStub({
    raw: (request, response) => {
      seen.add(request.socket.remotePort)
      response.end('{}')
    },
  })
  for (const keepAlive of [true, false]) {
    seen.clear()
    const agentFor = createAgentFor({...DIRECT, keepAlive})
    const http = createHttpClient({restBase: stub.origin, userAgent: 'veza/1', agentFor})
    for (let i = 0; i < 3; i++) await http.request({method: 'GET', path: '/'})
    expect(seen.size).toBe(keepAlive ? 1 : 3)
    ;(await agentFor(new URL(stub.origin)))?.destroy()
  }
})
