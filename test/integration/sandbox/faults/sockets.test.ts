import {once} from 'node:events'

import {describe, expect, it} from 'vitest'

import {call, connect, online, signIn} from '../support.js'
import {DIALECTS, ENDLESS_MS, exchange, heard, post, setStage} from './kit.js'

const NO_CLOSE_FRAME = 1006

describe('drop', () => {
  it('cuts every WebSocket without a closing handshake, those too that nobody signed in on', async () => {
    const {sandbox, alice, bob} = await setStage()
    const clients = [await online(sandbox, alice, 1), await online(sandbox, bob), await connect(sandbox)]
    sandbox.faults.arm({kind: 'drop'})
    expect(await Promise.all(clients.map(client => client.close()))).toEqual([
      NO_CLOSE_FRAME,
      NO_CLOSE_FRAME,
      NO_CLOSE_FRAME,
    ])
    expect(sandbox.faults.counts().drop).toBe(1)
    expect(sandbox.faults.armed()).toEqual([])
    expect((await online(sandbox, alice, 1)).closed).toBeUndefined()
  })

  it('by ratio comes with a broadcast, count times', async () => {
    const stage = await setStage({faults: [{kind: 'drop', ratio: 1, count: 2}]})
    for (let round = 0; round < 2; round += 1) {
      const client = await online(stage.sandbox, stage.alice, 1)
      await post(stage, 'x')
      expect(await client.close()).toBe(NO_CLOSE_FRAME)
    }
    const client = await online(stage.sandbox, stage.alice, 1)
    expect(await heard(stage, ['a'], client)).toEqual([['a']])
  })

  it('comes again and again by the clock, until it is cleared', async () => {
    const {sandbox, alice} = await setStage({faults: [{kind: 'drop', everyMs: 5}]})
    for (let round = 0; round < 3; round += 1) {
      const client = await connect(sandbox)
      expect(await client.close()).toBe(NO_CLOSE_FRAME)
    }
    sandbox.faults.clear()
    const struck = sandbox.faults.counts().drop
    expect(struck).toBeGreaterThanOrEqual(3)
    expect((await online(sandbox, alice, 1)).closed).toBeUndefined()
    expect(sandbox.faults.counts().drop).toBe(struck)
  })

  it('strikes only those in the room that is named', async () => {
    const {sandbox, alice, bob} = await setStage()
    const [inside, outside] = [await online(sandbox, alice, 1), await online(sandbox, bob)]
    sandbox.faults.arm({kind: 'drop', roomId: 1})
    expect(await inside.close()).toBe(NO_CLOSE_FRAME)
    expect(await outside.drain()).toEqual([])
  })
})

describe('close', () => {
  it.each([
    [undefined, 1012],
    [4001, 4001],
  ])('closes with code %s', async (code, seen) => {
    const {sandbox, alice} = await setStage()
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'close', code})
    expect(await client.close()).toBe(seen)
  })
})

describe('silent', () => {
  it('sends nothing and reads nothing while it lasts; what was to be sent is lost, what came in is read later', async () => {
    const stage = await setStage()
    const {sandbox, alice, bob} = stage
    const mute = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'silent', durationMs: ENDLESS_MS})
    const seen: string[] = []
    mute.socket.on('message', raw => seen.push(JSON.parse(String(raw)).type))
    mute.socket.on('pong', () => seen.push('PONG'))
    mute.send('ping', {timestamp: 7})
    mute.socket.ping()
    // Who comes later is served: his answers show that the server has had the time to answer everybody.
    const live = await online(sandbox, bob, 1)
    expect(await heard(stage, ['lost'], live)).toEqual([['lost']])
    expect([seen, mute.closed]).toEqual([[], undefined])
    sandbox.faults.clear()
    expect(await mute.next('pong')).toMatchObject({timestamp: 7})
    expect(await heard(stage, ['live'], mute)).toEqual([['live']])
    expect(seen.slice(0, 2)).toEqual(['pong', 'PONG'])
    expect(seen).not.toContain('lost')
  })

  it('ends by itself', async () => {
    const {sandbox, alice} = await setStage()
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'silent', durationMs: 20})
    expect(await client.drain()).toEqual([])
  })

  it('lasts as long as the longest of several', async () => {
    const stage = await setStage()
    const [first, other] = [await online(stage.sandbox, stage.alice, 1), await connect(stage.sandbox)]
    stage.sandbox.faults.arm({kind: 'silent', durationMs: ENDLESS_MS, roomId: 1})
    stage.sandbox.faults.arm({kind: 'silent', durationMs: 5})
    // The shorter silence is over when the other socket is heard again.
    const heardAgain = once(other.socket, 'pong')
    other.socket.ping()
    await heardAgain
    let isHeard = false
    first.socket.on('pong', () => {
      isHeard = true
    })
    first.socket.ping()
    await post(stage, 'x')
    expect(isHeard).toBe(false)
    stage.sandbox.faults.clear()
    expect(await first.drain()).toEqual([])
    expect(isHeard).toBe(true)
  })

  it('does not answer a ping that it had read already', async () => {
    const stage = await setStage({faults: [{kind: 'silent', ratio: 1, count: 1, durationMs: ENDLESS_MS}]})
    const client = await online(stage.sandbox, stage.alice, 1)
    let pongs = 0
    client.socket.on('pong', () => {
      pongs += 1
    })
    // In one write, so that one read has both: the broadcast is what begins the silence.
    client.socket.send(JSON.stringify({type: 'send_message', data: {room_id: 1, content: 'x'}}))
    client.socket.ping()
    expect(await client.next('room_message')).toMatchObject({content: 'x'})
    const live = await online(stage.sandbox, stage.bob, 1)
    await heard(stage, ['y'], live)
    expect(pongs).toBe(0)
  })

  it('does not keep the sandbox from closing', async () => {
    const {sandbox, alice} = await setStage()
    const client = await online(sandbox, alice, 1)
    sandbox.faults.arm({kind: 'silent', durationMs: ENDLESS_MS})
    const begunAt = performance.now()
    await sandbox.close()
    expect(await client.close()).toBe(1001)
    // A socket that does not answer the close frame is waited for, for a second: this one does.
    expect(performance.now() - begunAt).toBeLessThan(900)
  })
})

describe.each(DIALECTS)('expire, in the %s dialect,', dialect => {
  it('ends every token issued until now, and the sockets they opened, to the instant', async () => {
    // A clock that stands still: tokens of one second are told apart all the same.
    const {sandbox, alice} = await setStage({dialect, now: () => 1_000_000_000_000})
    const grant = await call(sandbox, 'POST', '/auth/login', {
      body: {username: 'alice', password: 'alice-pass'},
    })
    const {refresh_token} = (dialect === 'guide' ? grant.body : grant.data) as unknown as {
      refresh_token: string
    }
    const client = await online(sandbox, alice, 1)
    const nobody = await connect(sandbox)
    sandbox.faults.arm({kind: 'expire'})
    expect(await client.close()).toBe(1008)
    expect(await alice.get('/users/me')).toMatchObject({status: 401, error: {code: 'INVALID_TOKEN'}})
    nobody.send('authenticate', {token: alice.token})
    expect(await nobody.next(dialect === 'guide' ? 'error' : 'auth_error')).toMatchObject({
      code: 'INVALID_TOKEN',
    })
    expect(await nobody.close()).toBe(1008)

    const renewed = await call(sandbox, 'POST', '/auth/refresh', {body: {refresh_token}})
    const {access_token} = (dialect === 'guide' ? renewed.body : renewed.data) as unknown as {
      access_token: string
    }
    for (const token of [access_token, (await signIn(sandbox, 'alice')).token]) {
      expect((await call(sandbox, 'GET', '/users/me', {token})).status).toBe(200)
    }
  })
})

it('expire leaves API keys and their sockets', async () => {
  const {sandbox, alice} = await setStage()
  const {key} = (await alice.post('/auth/api-keys', {name: 'ci', permissions: []})).data
  const client = await connect(sandbox, {'x-api-key': String(key)})
  sandbox.faults.arm({kind: 'expire'})
  expect((await client.drain()).map(({type}) => type)).toEqual(['auth_success'])
  const headers = {'x-api-key': String(key)}
  expect((await call(sandbox, 'GET', '/users/me', {headers})).status).toBe(200)
})

it('a fault that could not strike as it says is refused, at the start too', async () => {
  const {sandbox} = await setStage()
  expect(() => sandbox.faults.arm({kind: 'drop', durationMs: 5})).toThrow('drop takes no for')
  expect(() => sandbox.faults.arm({kind: 'hang', durationMs: 0})).toThrow('for wants a duration')
  for (const kind of ['drop', 'close', 'silent'] as const) {
    await expect(setStage({faults: [{kind}]})).rejects.toThrow(
      `${kind} strikes at once, and at the start nobody`,
    )
  }
  expect((await exchange(sandbox, 'GET', '/health')).status).toBe(200)
})
