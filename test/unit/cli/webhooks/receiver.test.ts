import {createHmac} from 'node:crypto'
import {connect} from 'node:net'
import {text} from 'node:stream/consumers'
import {describe, expect, it, onTestFinished} from 'vitest'
import type {WebhookDelivery} from '../../../../src/contract/resources.js'
import {openReceiver, type ReceiverOptions} from '../../../../src/lib/cli/webhooks/receiver.js'

const SECRET = 'secret'
const MIB = 1024 * 1024

async function open(options: Partial<ReceiverOptions> = {}) {
  const taken: WebhookDelivery[] = []
  const refused: string[] = []
  const receiver = await openReceiver({
    address: {host: '127.0.0.1', port: 0},
    path: undefined,
    secret: SECRET,
    accept: async delivery => {
      taken.push(delivery)
      return true
    },
    onRefused: problem => refused.push(problem),
    ...options,
  })
  onTestFinished(() => receiver.close())
  const post = async (
    body: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    path = '',
  ) => {
    const response = await fetch(new URL(path, receiver.url), {method: 'POST', body, headers})
    return {status: response.status, text: await response.text(), headers: response.headers}
  }
  const signed = (body: string, secret = SECRET) => ({
    'x-webhook-signature': createHmac('sha256', secret).update(body).digest('hex'),
  })
  const port = Number(new URL(receiver.url).port)
  /** Writes by hand; resolves to all that came back until the end of the connection. */
  const raw = async (bytes: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    socket.write(bytes)
    return text(socket)
  }
  return {receiver, taken, refused, post, signed, raw, port}
}

describe('a receiver', () => {
  it('takes what is signed', async () => {
    const {post, signed, taken, refused} = await open()
    const body = '{"event":"test","data":{"a":1}}'
    expect(await post(body, signed(body))).toMatchObject({status: 200, text: 'ok\n'})
    expect({taken, refused}).toEqual({taken: [{event: 'test', data: {a: 1}}], refused: []})
  })

  const BODY = '{"event":"test"}'
  it.each([
    ['no signature', {}, 401, 'there is no X-Webhook-Signature'],
    ['an empty one', {'x-webhook-signature': ''}, 401, 'there is no X-Webhook-Signature'],
    ['no hex', {'x-webhook-signature': 'z'.repeat(64)}, 401, 'is not the hex'],
    ['a short one', {'x-webhook-signature': 'a'.repeat(63)}, 401, 'is not the hex'],
    ['a long one', {'x-webhook-signature': 'a'.repeat(9000)}, 401, 'is not the hex'],
    ['a wrong one', {'x-webhook-signature': 'a'.repeat(64)}, 401, 'is wrong'],
  ])('turns down %s, and takes nothing', async (_name, headers, status, problem) => {
    const {post, taken, refused} = await open()
    expect(await post(BODY, headers)).toMatchObject({status, text: expect.stringContaining(problem)})
    expect(taken).toEqual([])
    expect(refused).toEqual([expect.stringMatching(`^refused a delivery from 127.0.0.1: .*${problem}`)])
  })

  it('turns down what is signed and no delivery', async () => {
    const {post, signed, taken, refused} = await open()
    expect((await post('[]', signed('[]'))).status).toBe(400)
    expect(taken).toEqual([])
    expect(refused).toHaveLength(1)
  })

  it('serves POST to one path only', async () => {
    const {receiver, post, signed, refused} = await open({path: '/veza'})
    expect(receiver.url).toMatch(/:\d+\/veza$/)
    const statuses = await Promise.all(
      ['/veza', '/veza?a=/b', '/', '/veza/', '/VEZA'].map(path => post(BODY, signed(BODY), path)),
    )
    expect(statuses.map(({status}) => status)).toEqual([200, 200, 404, 404, 404])
    const got = await fetch(receiver.url)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    expect(refused).toEqual([])
  })

  it('takes 1 MiB and no byte more, announced or not', async () => {
    const {post, signed, taken, port, raw} = await open()
    const body = `{"event":"${'x'.repeat(MIB - 12)}"}`
    expect(body).toHaveLength(MIB)
    expect((await post(body, signed(body))).status).toBe(200)
    expect((await post(`${body} `, signed(`${body} `))).status).toBe(413)
    const chunk = `${(MIB + 1).toString(16)}\r\n${'x'.repeat(MIB + 1)}\r\n0\r\n\r\n`
    const answer = await raw(
      `POST / HTTP/1.1\r\nhost: h:${port}\r\ntransfer-encoding: chunked\r\n\r\n${chunk}`,
    )
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
    expect(taken).toHaveLength(1)
  })

  it.each(['/', '/elsewhere'])('stops reading a body without end, at %s', async path => {
    const {port} = await open({path: '/'})
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const closed = new Promise(resolve => socket.on('close', resolve))
    socket.resume()
    socket.write(`POST ${path} HTTP/1.1\r\nhost: h\r\ncontent-length: 999999999999\r\n\r\n`)
    const flood = (): void => {
      if (!socket.destroyed) socket.write(Buffer.alloc(MIB), () => setImmediate(flood))
    }
    flood()
    await closed
  })

  it('does not wait for a slow head or a slow body', async () => {
    const {raw} = await open({requestTimeoutMs: 60})
    const [head, body] = await Promise.all([
      raw('POST / HTTP/1.1\r\nhost: h\r\n'),
      raw('POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 10\r\n\r\nabc'),
    ])
    expect([head, body]).toEqual([
      expect.stringMatching(/^HTTP\/1.1 408 /),
      expect.stringMatching(/^HTTP\/1.1 408 /),
    ])
  })

  it('says that no more are taken, and that one could not be taken', async () => {
    let answer: () => Promise<boolean> = async () => false
    const {post, signed} = await open({accept: () => answer()})
    expect((await post(BODY, signed(BODY))).status).toBe(503)
    answer = () => Promise.reject(new Error('disk full'))
    expect(await post(BODY, signed(BODY))).toMatchObject({status: 500, text: 'it could not be taken\n'})
  })

  it('answers at the end what is under way, and takes nothing more', async () => {
    let accept: (taken: boolean) => void = () => {}
    let begin: () => void = () => {}
    const begun = new Promise<void>(resolve => {
      begin = resolve
    })
    const {post, signed, receiver} = await open({
      accept: () =>
        new Promise(resolve => {
          accept = resolve
          begin()
        }),
    })
    const pending = post(BODY, signed(BODY))
    await begun
    const closed = receiver.close()
    accept(true)
    expect((await pending).status).toBe(200)
    await closed
    await expect(post(BODY, signed(BODY))).rejects.toThrow('fetch failed')
  })

  it('a port in use and a host that is not ours are usage errors', async () => {
    const {port} = await open()
    await expect(open({address: {host: '127.0.0.1', port}})).rejects.toMatchObject({
      code: 'usage',
      message: `cannot listen on 127.0.0.1:${port}: the port is in use`,
    })
    await expect(open({address: {host: '192.0.2.1', port: 0}})).rejects.toMatchObject({
      code: 'usage',
      message: 'cannot listen on 192.0.2.1:0: EADDRNOTAVAIL',
    })
  })
})
