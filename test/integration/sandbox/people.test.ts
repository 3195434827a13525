import {createHmac} from 'node:crypto'
import {once} from 'node:events'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'

import {describe, expect, it} from 'vitest'

import {later, signIn, start} from './support.js'

async function setUp(dialect: 'guide' | 'reference' = 'reference') {
  const sandbox = await start({dialect})
  const [admin, alice, bob] = await Promise.all(['admin', 'alice', 'bob'].map(name => signIn(sandbox, name)))
  return {sandbox, admin: admin!, alice: alice!, bob: bob!}
}

describe('users', () => {
  it('shows and changes oneself', async () => {
    const {alice, bob} = await setUp()
    expect((await alice.get('/users/me')).data).toMatchObject({
      id: 2,
      username: 'alice',
      email: 'alice@example.com',
    })
    const changed = await alice.put('/users/me', {
      username: 'Al-ice_2',
      email: 'a@b.c',
      status_message: 'tea',
    })
    expect(changed.data).toMatchObject({username: 'Al-ice_2', email: 'a@b.c', status_message: 'tea'})
    expect((await bob.get('/users/2')).data).toMatchObject({
      id: 2,
      username: 'Al-ice_2',
      status_message: 'tea',
    })
    expect((await bob.get('/users/2')).data).not.toHaveProperty('email')
  })

  it('refuses a name that breaks the rule or is taken', async () => {
    const {alice} = await setUp()
    for (const username of ['ab', 'x'.repeat(51), 'a b', 'é'.repeat(4), '']) {
      expect((await alice.put('/users/me', {username})).status).toBe(422)
    }
    expect((await alice.put('/users/me', {email: 'nowhere'})).status).toBe(422)
    expect(await alice.put('/users/me', {username: 'bob'})).toMatchObject({
      status: 409,
      error: {code: 'RESOURCE_CONFLICT'},
    })
  })

  it('finds others', async () => {
    const {alice} = await setUp()
    expect((await alice.get('/users/search?q=BO&limit=1')).data).toMatchObject({
      users: [{id: 3, username: 'bob'}],
    })
    expect(await alice.get('/users/99')).toMatchObject({status: 404, error: {code: 'USER_NOT_FOUND'}})
    const guide = await setUp('guide')
    expect((await guide.alice.get('/users/search?q=bo')).data).toMatchObject([{id: 3}, {id: 4}])
  })
})

/** A server that takes webhooks: its URL, and the next request. */
async function receiver(status = 200) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    response.writeHead(status).end()
    server.emit('delivery', request, Buffer.concat(chunks).toString())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  later(() => server.close())
  const next = async () => {
    const [request, body] = (await once(server, 'delivery')) as [IncomingMessage, string]
    return {signature: request.headers['x-webhook-signature'], body, event: JSON.parse(body)}
  }
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, next}
}

describe('webhooks', () => {
  it('delivers what was asked for, signed', async () => {
    const {admin, bob} = await setUp()
    const hook = await receiver()
    const made = await admin.post('/webhooks', {
      url: hook.url,
      events: ['message_sent', 'user_left'],
      secret: 's3cret',
      room_id: 1,
    })
    expect(made).toMatchObject({status: 201, data: {id: 1, url: hook.url, room_id: 1}})
    expect(JSON.stringify(await admin.get('/webhooks'))).not.toContain('s3cret')
    expect((await admin.get('/webhooks')).data).toMatchObject({
      webhooks: [{id: 1, events: ['message_sent', 'user_left']}],
    })
    let delivery = hook.next()
    await bob.post('/rooms/1/messages', {content: 'hi'})
    const {body, signature, event} = await delivery
    expect(event).toMatchObject({event: 'message_sent', data: {room_id: 1, content: 'hi', username: 'bob'}})
    expect(signature).toBe(createHmac('sha256', 's3cret').update(body).digest('hex'))
    delivery = hook.next()
    await bob.delete('/rooms/1/members/3')
    await bob.post('/rooms/1/members', {user_id: 3})
    expect((await delivery).event).toMatchObject({event: 'user_left', data: {user_id: 3, username: 'bob'}})
    delivery = hook.next()
    await bob.post('/rooms/1/messages', {content: 'back'})
    expect((await delivery).event).toMatchObject({event: 'message_sent', data: {content: 'back'}})
  })

  it('tests one, and says when nobody answers', async () => {
    const {alice, bob} = await setUp()
    const hook = await receiver(500)
    await alice.post('/webhooks', {url: hook.url, events: ['user_joined']})
    expect((await alice.post('/webhooks/1/test')).data).toMatchObject({delivered: false, status_code: 500})
    await alice.post('/webhooks', {url: 'http://127.0.0.1:1/', events: ['user_joined']})
    expect((await alice.post('/webhooks/2/test')).data).toMatchObject({delivered: false, status_code: null})
    expect((await bob.post('/webhooks/1/test')).status).toBe(403)
    expect((await bob.post('/webhooks/9/test')).error).toMatchObject({code: 'WEBHOOK_NOT_FOUND'})
  })

  it('refuses what cannot be delivered or is not the user’s to watch', async () => {
    const {alice} = await setUp()
    const url = 'http://127.0.0.1/'
    expect((await alice.post('/webhooks', {url: 'file:///etc/passwd', events: ['user_left']})).status).toBe(
      422,
    )
    expect((await alice.post('/webhooks', {url, events: ['dance']})).status).toBe(422)
    expect((await alice.post('/webhooks', {url, events: ['user_left'], room_id: 1})).status).toBe(403)
  })
})
