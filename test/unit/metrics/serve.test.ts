import {once} from 'node:events'
import {Agent, type IncomingHttpHeaders, request} from 'node:http'
import {connect, type Socket} from 'node:net'
import {describe, expect, it, onTestFinished} from 'vitest'
import {type MetricsServer, type MetricsSource, serveMetrics} from '../../../src/lib/metrics/serve.js'

const SOURCE: MetricsSource = {contentType: 'text/x-test', isReady: true, text: async () => 'veza_ready 1\n'}

async function serve(source: Partial<MetricsSource> = {}, stalledMs?: number): Promise<MetricsServer> {
  const server = await serveMetrics({host: '127.0.0.1', port: 0}, {...SOURCE, ...source}, stalledMs)
  onTestFinished(() => server.close())
  return server
}

interface Answer {
  readonly status: number | undefined
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

async function ask({url}: MetricsServer, path: string, method = 'GET', body?: string): Promise<Answer> {
  const headers = body === undefined ? {} : {'content-length': body.length}
  const asked = request(`${url}${path}`, {method, headers, agent: false}).end(body)
  const [response] = await once(asked, 'response')
  let text = ''
  for await (const chunk of response) text += chunk
  return {status: response.statusCode, headers: response.headers, text}
}

/** A connection of which nothing is read, with these bytes sent. */
async function open({url}: MetricsServer, bytes: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  await new Promise<void>(resolve => socket.write(bytes, () => resolve()))
  return socket
}

describe('answers', () => {
  it('/metrics with the text and its type, whatever the query', async () => {
    const {status, headers, text} = await ask(await serve(), '/metrics?x=1')
    expect({status, text}).toEqual({status: 200, text: 'veza_ready 1\n'})
    expect(headers).toMatchObject({'content-type': 'text/x-test', 'cache-control': 'no-store'})
  })

  it.each([
    ['/healthz', true, 200],
    ['/healthz', false, 200],
    ['/readyz', true, 200],
    ['/readyz', false, 503],
  ])('%s, while it is ready: %s, with %i', async (path, isReady, status) => {
    expect(await ask(await serve({isReady}), path)).toMatchObject({status})
  })

  it('HEAD without a body', async () => {
    const {status, headers, text} = await ask(await serve(), '/metrics', 'HEAD')
    expect({status, length: headers['content-length'], text}).toEqual({status: 200, length: '13', text: ''})
  })

  it.each(['/', '/metrics/', '/METRICS', '/healthz/x', '//metrics', '/debug/pprof'])(
    '%s with 404',
    async path => {
      expect(await ask(await serve(), path)).toMatchObject({status: 404})
    },
  )

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s with 405, body or not', async method => {
    const {status, headers} = await ask(await serve(), '/metrics', method, 'x'.repeat(100_000))
    expect({status, allow: headers.allow}).toEqual({status: 405, allow: 'GET, HEAD'})
  })

  it('goes on after a rendering that failed', async () => {
    let isBroken = true
    const text = async (): Promise<string> => {
      if (isBroken) throw new Error('broken')
      return 'whole\n'
    }
    const server = await serve({text})
    await expect(ask(server, '/metrics')).rejects.toThrow(/hang up|reset/)
    isBroken = false
    expect(await ask(server, '/metrics')).toMatchObject({status: 200, text: 'whole\n'})
  })

  it('garbage with 400, and lives', async () => {
    const server = await serve()
    const socket = await open(server, '\u0000\u0001 nonsense\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 400 /)
    expect(await ask(server, '/healthz')).toMatchObject({status: 200})
  })
})

it('names a port in use, and an address that is not here, as usage errors', async () => {
  const {url} = await serve()
  const port = Number(new URL(url).port)
  await expect(serveMetrics({host: '127.0.0.1', port}, SOURCE)).rejects.toMatchObject({
    code: 'usage',
    message: `cannot serve metrics at 127.0.0.1:${port}: the port is in use`,
  })
  await expect(serveMetrics({host: '203.0.113.7', port: 9464}, SOURCE)).rejects.toMatchObject({
    code: 'usage',
    message: 'cannot serve metrics at 203.0.113.7:9464: this machine does not have that address',
  })
  await expect(serveMetrics({host: '2001:db8::7', port: 9464}, SOURCE)).rejects.toMatchObject({
    message: expect.stringMatching(/^cannot serve metrics at \[2001:db8::7\]:9464: /),
  })
})

it('writes an IPv6 address as an address', async () => {
  const server = await serveMetrics({host: '::1', port: 0}, SOURCE)
  onTestFinished(() => server.close())
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/)
  expect(await ask(server, '/healthz')).toMatchObject({status: 200})
})

it('answers many at once, each with the whole text', async () => {
  const whole = 'veza_ready 1\n'.repeat(5000)
  const server = await serve({text: async () => whole})
  const answers = await Promise.all(Array.from({length: 50}, () => ask(server, '/metrics')))
  expect(answers.filter(({status, text}) => status === 200 && text === whole)).toHaveLength(50)
})

it('does not wait for ever for who does not read, asks nothing, or is not answered: others get their place', async () => {
  const stuck = new Promise<string>(() => undefined)
  const server = await serve({text: () => stuck}, 20)
  const reading = 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'
  const sockets = await Promise.all(
    Array.from({length: 64}, (_, nth) => open(server, ['', 'GET /metr', reading][nth % 3] ?? '')),
  )
  await Promise.all(sockets.map(socket => once(socket.resume(), 'close')))
  expect(await ask(server, '/healthz')).toMatchObject({status: 200})
})

it('ends at once, whatever its clients do: idle, half a request, not reading, kept alive', async () => {
  const stuck = new Promise<string>(() => undefined)
  const server = await serveMetrics({host: '127.0.0.1', port: 0}, {...SOURCE, text: () => stuck})
  const agent = new Agent({keepAlive: true})
  onTestFinished(() => agent.destroy())
  const kept = request(`${server.url}/healthz`, {agent})
    .on('error', () => undefined)
    .end()
  const [response] = await once(kept, 'response')
  response.resume()
  const sockets = [
    await open(server, ''),
    await open(server, 'GET /metr'),
    await open(server, 'GET /metrics HTTP/1.1\r\nhost: x\r\n\r\n'),
  ]
  const closed = sockets.map(socket => {
    socket.resume()
    return new Promise(resolve => socket.once('close', resolve))
  })
  await server.close()
  await Promise.all(closed)
  await expect(ask(server, '/healthz')).rejects.toMatchObject({code: 'ECONNREFUSED'})
})
