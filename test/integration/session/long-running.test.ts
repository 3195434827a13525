import {expect, it, onTestFinished} from 'vitest'
import {startSandbox} from '../../../src/sandbox/index.js'
import {bareHome, homeAt, signIn} from '../../e2e/kit/sandbox.js'
import {CountingProxy} from './counting-proxy.js'

const QUARTER_HOUR_MS = 901_000

/** A server whose clock a test moves, and what counts before it. */
async function movableServer() {
  const clock = {aheadMs: 0}
  const server = await startSandbox({port: 0, now: () => Date.now() + clock.aheadMs})
  onTestFinished(() => server.close())
  return {clock, server, proxy: await CountingProxy.start(server.url)}
}

it('a tail outlives its token and the renewals of others, and takes theirs when it connects again', async () => {
  const {clock, server, proxy} = await movableServer()
  await using _ = proxy
  const home = bareHome(proxy.url)
  await signIn(home)
  const bob = homeAt(server.url, 'bob')
  const say = async (text: string): Promise<void> => {
    expect(await bob.run(['messages', 'send', 'general', text])).toMatchObject({code: 0})
  }
  const tail = home.start(['messages', 'tail', 'general', '--count', '3'])
  await tail.sees('stderr', 'ready: ')
  await say('first')
  await tail.sees('stdout', 'first')

  clock.aheadMs += QUARTER_HOUR_MS
  // Another command renews: the tail's access token is over, and its refresh token is spent.
  expect(await home.run(['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
  expect(proxy.refreshes).toEqual([200])
  await say('second')
  await tail.sees('stdout', 'second')
  expect(proxy.upgrades).toBe(1)

  proxy.dropSockets()
  await say('third')
  expect((await tail.ended).code).toBe(0)
  expect(proxy.upgrades).toBeGreaterThan(1)
  expect(proxy.refreshes).toEqual([200])
})

it('a tail whose token nobody has renewed renews it itself when it connects again', async () => {
  const {clock, server, proxy} = await movableServer()
  await using _ = proxy
  const home = bareHome(proxy.url)
  await signIn(home)
  const tail = home.start(['messages', 'tail', 'general', '--count', '1'])
  await tail.sees('stderr', 'ready: ')

  clock.aheadMs += QUARTER_HOUR_MS
  proxy.dropSockets()
  await homeAt(server.url, 'bob').run(['messages', 'send', 'general', 'after'])
  expect((await tail.ended).code).toBe(0)
  expect(proxy.refreshes).toEqual([200])
  // What it has got is there for the next command.
  expect(await home.run(['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
  expect(proxy.refreshes).toEqual([200])
})
