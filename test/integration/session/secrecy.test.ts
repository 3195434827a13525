import {readdirSync, readFileSync} from 'node:fs'
import {expect, it} from 'vitest'
import {bareHome, sharedSandbox} from '../../e2e/kit/sandbox.js'
import {CountingProxy} from './counting-proxy.js'
import {expireAtServer, expireByClock, sessionInFile} from './stored-session.js'

const sandbox = sharedSandbox()

/** What `ps` shows of every process there is. */
function commandLines(): string {
  const lines = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(id => {
      try {
        return readFileSync(`/proc/${id}/cmdline`, 'latin1')
      } catch {
        // Gone since the folder was listed.
        return ''
      }
    })
  return lines.join('\n').replaceAll('\0', ' ')
}

it.skipIf(process.platform !== 'linux')(
  'no token and no password is in ps, --debug or an error',
  async () => {
    await using proxy = await CountingProxy.start(sandbox.url)
    const home = bareHome(proxy.url)
    const session = sessionInFile(home)
    const seen: string[] = []
    const shown: string[] = []
    // Each time while a command waits for the answer.
    proxy.onRequest = () => void seen.push(commandLines())
    const run = async (args: readonly string[], stdin = ''): Promise<void> => {
      const {stdout, stderr} = await home.run([...args, '--debug'], {stdin})
      shown.push(stdout, stderr)
    }

    await run(
      ['auth', 'login', '--username', 'alice', '--password-stdin', '--insecure-storage'],
      'alice-pass\n',
    )
    await run(['auth', 'status', '--json'])
    await expireByClock(session)
    await run(['auth', 'status'])
    await expireAtServer(session, 'x')
    await run(['rooms', 'list'])
    // A refresh that the server refuses.
    await session.write({...(await session.read()), refreshToken: [...proxy.tokens][1], expiresAtMs: 0})
    await run(['rooms', 'list', '--json'])
    await run(
      ['auth', 'login', '--username', 'alice', '--password-stdin', '--insecure-storage'],
      'Wr0ng-pass\n',
    )
    await run(['auth', 'login', '--api-key-stdin', '--insecure-storage'], 'veza_ak_wr0ng\n')

    const secrets = [...proxy.tokens, 'alice-pass', 'Wr0ng-pass', 'veza_ak_wr0ng']
    expect(proxy.refreshes).toEqual([200, 200, 401])
    expect(proxy.tokens.size).toBe(6)
    expect(seen.length).toBeGreaterThan(7)
    // That the commands are there to be seen, and their output, too:
    expect(seen.every(lines => lines.includes('--debug'))).toBe(true)
    expect(shown.join('')).toContain('/auth/refresh')
    for (const secret of secrets) {
      expect(seen.join('\n').includes(secret)).toBe(false)
      expect(shown.join('\n').includes(secret)).toBe(false)
    }
  },
)
