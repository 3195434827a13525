import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {bareHome, sharedSandbox, signIn} from '../../e2e/kit/sandbox.js'
import {hasSecretService, KeychainHost, type SecretService} from '../../support/keychain.js'
import type {Home} from '../../support/veza.js'
import {CountingProxy} from './counting-proxy.js'
import {LIMIT_MS, report, SOAK} from './soak.js'
import {
  expireAtServer,
  expireByClock,
  type StoredSession,
  sessionInFile,
  sessionInKeychain,
} from './stored-session.js'

const ROUNDS = SOAK ? 20 : 2
const PROCESSES = SOAK ? 50 : 20

const sandbox = sharedSandbox('--token-ttl', '15m')
let proxy: CountingProxy

beforeAll(async () => {
  proxy = await CountingProxy.start(sandbox.url)
})

afterAll(() => proxy[Symbol.asyncDispose]())

/** In each round the token is over, known to the clients or to the server alone, and all of them need it at once. */
async function expectOneRefreshEach(home: Home, session: StoredSession, name: string): Promise<void> {
  const figures = {failures: 0, refusals: 0, refreshes: 0}
  const startMs = performance.now()
  for (let round = 0; round < ROUNDS; round++) {
    await (round % 2 === 0 ? expireByClock(session) : expireAtServer(session, String(round)))
    const before = proxy.refreshes.length
    const commands = Array.from({length: PROCESSES}, () => home.run(['auth', 'status', '--json']))
    const failed = (await Promise.all(commands)).filter(({code, stderr}) => code !== 0 || stderr !== '')
    const refreshes = proxy.refreshes.slice(before)
    expect({round, failed, refreshes}).toEqual({round, failed: [], refreshes: [200]})
    figures.failures += failed.length
    figures.refreshes += refreshes.length
    figures.refusals += refreshes.filter(status => status !== 200).length
  }
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1)
  report(`${name}: ${ROUNDS} rounds of ${PROCESSES} in ${seconds} s: ${JSON.stringify(figures)}`)
}

describe('many processes with one expired access token, the server rotating', () => {
  it(
    'renew it once a round and all succeed, with the session in a file',
    async () => {
      const home = bareHome(proxy.url)
      await signIn(home)
      await expectOneRefreshEach(home, sessionInFile(home), 'file')
    },
    LIMIT_MS,
  )
})

describe.skipIf(!hasSecretService && process.env.CI === undefined)('the same in a real keychain', () => {
  let host: KeychainHost
  let service: SecretService

  beforeAll(async () => {
    host = await KeychainHost.open()
    service = await host.serve()
  })

  afterAll(async () => {
    await service.close()
    await host.close()
  })

  it(
    'renew it once a round and all succeed',
    async () => {
      const home = bareHome(proxy.url, {DBUS_SESSION_BUS_ADDRESS: service.address})
      const login = await home.run(['auth', 'login', '--username', 'alice', '--password-stdin', '--json'], {
        stdin: 'alice-pass\n',
      })
      expect(login).toMatchObject({code: 0, stderr: ''})
      expect(JSON.parse(login.stdout)).toMatchObject({storage: 'the keychain (Secret Service)'})
      const session = sessionInKeychain(host, service.address, `alice@${proxy.url}`)
      await expectOneRefreshEach(home, session, 'keychain')
    },
    LIMIT_MS,
  )
})
