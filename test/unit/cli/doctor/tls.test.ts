import {once} from 'node:events'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {createServer as createTcpServer} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {checkTls} from '../../../../src/lib/cli/doctor/tls.js'
import {type ConnectionOptions, createAgentFor} from '../../../../src/lib/http/agents.js'
import {CERT, KEY} from '../../http/tls-fixture.js'

const ENDS_MS = Date.UTC(2126, 9, 29, 13, 3, 9)
const DAY_MS = 86_400_000

async function httpsServer(status = 200): Promise<string> {
  const server = createServer(
    {cert: CERT, key: KEY},
    (_request, response) => void response.writeHead(status).end(),
  )
  server.on('tlsClientError', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function check(
  server: string,
  options: ConnectionOptions,
  nowMs = Date.now(),
  signal = new AbortController().signal,
) {
  const agentFor = createAgentFor({proxyFor: () => '', ...options})
  return checkTls({server, nowMs, signal, agentFor: async url => agentFor(url)})
}

describe('the certificate', () => {
  test.each([200, 500])(
    'that is trusted: whose, by whom, how long, which protocol (status %d)',
    async status => {
      const verdict = await check(await httpsServer(status), {ca: [CERT]}, ENDS_MS - 30 * DAY_MS)
      expect(verdict).toEqual({
        status: 'ok',
        detail:
          'veza test authority, issued by veza test authority; chain: veza test authority; ends in 30 days; TLSv1.3',
      })
    },
  )

  test('is shown a second time over the same agent, where TLS would resume its session', async () => {
    const server = await httpsServer()
    const agent = await createAgentFor({proxyFor: () => '', ca: [CERT]})(new URL(server))
    const target = {
      server,
      nowMs: Date.now(),
      signal: new AbortController().signal,
      agentFor: async () => agent,
    }
    const {get} = await import('node:https')
    for (let round = 0; round < 2; round += 1) {
      await new Promise((resolve, reject) => {
        get(server, {agent}, response => void response.resume().on('close', resolve)).on('error', reject)
      })
    }
    expect((await checkTls(target)).detail).toMatch(/^veza test authority/)
  })

  test.each([
    [14, 'ok'],
    [13, 'warning'],
    [0, 'warning'],
  ])('that ends in %d days is %s', async (days, status) => {
    const verdict = await check(await httpsServer(), {ca: [CERT]}, ENDS_MS - days * DAY_MS)
    expect(verdict).toMatchObject({status, detail: expect.stringContaining(`ends in ${days} days`)})
  })

  test('that is not trusted fails with the reason', async () => {
    const failure = {
      code: 'unreachable',
      message: expect.stringMatching(/not trusted.*SELF_SIGNED|SELF_SIGNED/),
      hint: expect.stringMatching(/--ca/),
    }
    await expect(check(await httpsServer(), {})).rejects.toMatchObject(failure)
  })

  test('that nobody verifies is a warning', async () => {
    const verdict = await check(await httpsServer(), {insecure: true})
    expect(verdict).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(/^not verified \(\w+\)/),
      hint: expect.stringMatching(/--insecure/),
    })
  })

  test('there is none over http', async () => {
    expect((await check('http://127.0.0.1:9', {})).status).toBe('skipped')
  })

  test('a server that speaks no TLS fails, one that is silent until the check is given up', async () => {
    const talker = createTcpServer(socket => void socket.end('220 mail ready\r\n'))
    const silent = createTcpServer(() => undefined)
    const urls: string[] = []
    for (const server of [talker, silent]) {
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      onTestFinished(() => void server.close())
      urls.push(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
    }
    await expect(check(urls[0]!, {})).rejects.toMatchObject({code: 'unreachable'})
    const ending = new AbortController()
    const connected = once(silent, 'connection')
    const running = check(urls[1]!, {}, Date.now(), ending.signal)
    await connected
    const reason = new Error('time is up')
    ending.abort(reason)
    await expect(running).rejects.toBe(reason)
  })
})
