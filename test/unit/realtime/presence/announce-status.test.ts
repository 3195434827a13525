import {describe, expect, it, onTestFinished} from 'vitest'
import {VezaError} from '../../../../src/lib/errors/veza-error.js'
import {openConnection} from '../../../../src/lib/realtime/connection/connection.js'
import {systemTimers, type Timers} from '../../../../src/lib/realtime/connection/heartbeat.js'
import {announceStatus} from '../../../../src/lib/realtime/presence/announce-status.js'
import {startWsStub, type WsStubBehaviour} from '../../../support/ws-stub.js'

/** Timers that end the wait for a late refusal at once. */
const hasty: Timers = {
  ...systemTimers,
  setTimer: (callback, delayMs) => systemTimers.setTimer(callback, delayMs === 500 ? 0 : delayMs),
}

async function setUp(behaviour: Partial<WsStubBehaviour> = {}, timers: Timers = hasty) {
  const stub = await startWsStub()
  onTestFinished(() => stub.stop())
  Object.assign(stub.behaviour, behaviour)
  const refused: boolean[] = []
  const retried: unknown[] = []
  const controller = new AbortController()
  const announce = (token: string | null = 'token') =>
    announceStatus(
      {status: 'busy', message: 'hi'},
      {
        connect: async (signal, {tokenRefused}) => {
          refused.push(tokenRefused)
          return {connection: await openConnection({url: stub.url, signal}), token: token ?? undefined}
        },
        effects: {now: () => 0, random: () => 0, sleep: async () => undefined},
        signal: controller.signal,
        onRetry: error => retried.push(error),
        timers,
      },
    )
  return {stub, announce, refused, retried, controller}
}

const framesOf = (stub: {clients: readonly {frames: readonly {type: string}[]}[]}) =>
  stub.clients.map(({frames}) => frames.map(({type}) => type))

describe('a status', () => {
  it('is proved by the pong frame to a ping behind it', async () => {
    const never: Timers = {...systemTimers, setTimer: () => () => undefined}
    const {stub, announce} = await setUp(
      {
        onFrame: (client, {type}) => {
          if (type === 'ping') client.send('pong', {})
          return true
        },
      },
      never,
    )
    await announce()
    const [client] = stub.clients
    expect(client?.frames.map(({type, data}) => [type, data])).toEqual([
      ['authenticate', {token: 'token'}],
      ['update_status', {status: 'busy', message: 'hi'}],
      ['ping', {timestamp: expect.stringMatching(/^\d{4}-.*Z$/)}],
    ])
    expect((await client?.closed)?.code).toBe(1000)
  })

  it('is proved by the pong of the WebSocket where the server knows no ping frame', async () => {
    const {stub, announce} = await setUp({
      onFrame: (client, {type}) => {
        if (type === 'ping') client.send('error', {code: 'UNKNOWN_MESSAGE_TYPE', details: {type: 'ping'}})
        return true
      },
    })
    await announce()
    expect(framesOf(stub)).toEqual([['authenticate', 'update_status', 'ping']])
  })

  it('goes without a token where the handshake has carried an API key', async () => {
    const {stub, announce} = await setUp()
    await announce(null)
    expect(framesOf(stub)).toEqual([['update_status', 'ping']])
  })

  it.each([
    ['VALIDATION_FAILED', 'refused'],
    ['PERMISSION_DENIED', 'forbidden'],
    ['SOMETHING_ELSE', 'refused'],
  ])('is refused: %s is %s, and not tried again', async (serverCode, code) => {
    const {stub, announce} = await setUp({
      onFrame: (client, {type}) => {
        if (type === 'update_status') client.send('error', {code: serverCode, message: 'no \u001b[31mway'})
        return true
      },
    })
    await expect(announce()).rejects.toMatchObject({code, serverCode})
    expect(stub.clients).toHaveLength(1)
  })

  it('gets another token once where the first is refused', async () => {
    const {announce, refused} = await setUp({
      onFrame: (client, {type}) => {
        if (type === 'authenticate' && refused.length === 1)
          client.send('auth_error', {code: 'INVALID_TOKEN'})
        return true
      },
    })
    await announce()
    expect(refused).toEqual([false, true])
  })

  it('is an error where the second token is refused too', async () => {
    const {announce, refused} = await setUp({
      onFrame: client => {
        client.send('error', {code: 'INVALID_TOKEN'})
        return true
      },
    })
    await expect(announce()).rejects.toMatchObject({code: 'signed_out'})
    expect(refused).toEqual([false, true])
  })

  it('is sent again where the connection breaks before the proof', async () => {
    let connections = 0
    const {stub, announce, retried} = await setUp({
      onFrame: (client, {type}) => {
        if (type === 'authenticate') connections += 1
        if (connections < 3) client.drop()
        return true
      },
    })
    await announce()
    expect(stub.clients).toHaveLength(3)
    expect(retried).toHaveLength(2)
  })

  it('is given up after the tries there are', async () => {
    const {announce, stub} = await setUp({refusal: {status: 503}})
    await expect(announce()).rejects.toMatchObject({code: 'server_error'})
    expect(stub.clients).toHaveLength(0)
  })

  it('ends with the reason of its signal', async () => {
    const reason = new VezaError('interrupted', 'interrupted')
    const {stub, announce, controller} = await setUp(
      {onFrame: () => true},
      {
        ...systemTimers,
        setTimer: () => () => undefined,
      },
    )
    const ended = expect(announce()).rejects.toBe(reason)
    await (await stub.client(0)).received('ping')
    controller.abort(reason)
    await ended
    expect((await stub.clients[0]!.closed).code).toBe(1000)
  })
})
