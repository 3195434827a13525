import {readdirSync} from 'node:fs'
import {setTimeout as sleep} from 'node:timers/promises'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {bareHome, sharedSandbox, signIn} from '../../e2e/kit/sandbox.js'
import type {Home} from '../../support/veza.js'
import {CountingProxy} from './counting-proxy.js'
import {LIMIT_MS, report, SOAK, seededRandom} from './soak.js'
import {credentialsFolder, expireByClock, sessionInFile} from './stored-session.js'

const KILLS = SOAK ? 200 : 15
/** Some commands end before their kill. */
const MOST_TRIES = 5 * KILLS
/** From the arrival of a refresh to the kill: before the server has it, before its answer, while it is kept, after. */
const LONGEST_MS = 60
const LONGEST_DELAY_MS = 15

const sandbox = sharedSandbox('--token-ttl', '15m')
let proxy: CountingProxy

beforeAll(async () => {
  proxy = await CountingProxy.start(sandbox.url)
})

afterAll(() => proxy[Symbol.asyncDispose]())

/** A command that renews, killed at a random moment of it. Resolves to whether it was killed before its end. */
async function renewAndKill(home: Home, random: () => number): Promise<boolean> {
  const command = home.start(['auth', 'status'])
  proxy.hooks = {
    arrived: () => setTimeout(() => command.child.kill('SIGKILL'), random() * LONGEST_MS),
    before: () => sleep(random() * LONGEST_DELAY_MS),
    after: () => sleep(random() * LONGEST_DELAY_MS),
  }
  const {code} = await command.ended
  await proxy.idle()
  proxy.hooks = {}
  return code === null
}

/** The one thing that a user whose token was rotated into nowhere must see, once. */
async function expectSignInAgain(home: Home): Promise<void> {
  expect(await home.run(['auth', 'status'])).toEqual({
    code: 4,
    stdout: '',
    stderr: 'error: the session is over\nhint: sign in again: veza auth login\n',
  })
  await signIn(home)
}

describe('a process that is killed while it renews', () => {
  it(
    "leaves a session that works, or one 'sign in again' where the server's answer was lost with it",
    async () => {
      const home = bareHome(proxy.url)
      await signIn(home)
      const session = sessionInFile(home)
      const random = seededRandom(3)
      const figures = {killed: 0, unrotated: 0, kept: 0, lost: 0}
      for (let tries = 0; figures.killed < KILLS; tries++) {
        expect(tries).toBeLessThan(MOST_TRIES)
        await expireByClock(session)
        const {refreshToken} = await session.read()
        const before = proxy.refreshes.length
        const isKilled = await renewAndKill(home, random)
        // It is whole: reading it parses it.
        const isKept = (await session.read()).refreshToken !== refreshToken
        const isRotated = proxy.refreshes.length > before
        if (isKilled) figures.killed += 1
        if (isKilled) figures[isKept ? 'kept' : isRotated ? 'lost' : 'unrotated'] += 1
        else expect({isKept, isRotated}).toEqual({isKept: true, isRotated: true})
        if (isRotated && !isKept) await expectSignInAgain(home)
        expect(await home.run(['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
      }
      expect(proxy.refreshes.filter(status => status !== 200)).toHaveLength(figures.lost)
      const left = readdirSync(credentialsFolder(home)).length - 1
      // The next write removes what a killed one has left.
      expect(left).toBeLessThanOrEqual(1)
      report(`kills: ${JSON.stringify(figures)}, ${left} temporary files left`)
    },
    LIMIT_MS,
  )
})
