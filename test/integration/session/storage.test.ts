import {once} from 'node:events'
import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:net'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {bareHome, sharedSandbox, signIn} from '../../e2e/kit/sandbox.js'
import {runUnprivileged} from '../../e2e/kit/unprivileged.js'
import type {Home} from '../../support/veza.js'
import {CountingProxy} from './counting-proxy.js'
import {credentialsFolder, expireByClock, sessionFile, sessionInFile} from './stored-session.js'

const LOGIN = ['auth', 'login', '--username', 'alice', '--password-stdin']
const PASSPHRASE = {VEZA_PASSPHRASE: 'correct horse'}
const stdin = 'alice-pass\n'
const sandbox = sharedSandbox()

/** Whether something below a folder holds the text. */
function holds(folder: string, text: string): boolean {
  const files = readdirSync(folder, {recursive: true, withFileTypes: true}).filter(file => file.isFile())
  return files.some(file => readFileSync(join(file.parentPath, file.name), 'utf8').includes(text))
}

describe.skipIf(process.platform !== 'linux')('a machine without D-Bus', () => {
  it('keeps the session in an encrypted file where there is a passphrase, and says so', async () => {
    const home = bareHome(sandbox.url, PASSPHRASE)
    const login = await home.run([...LOGIN, '--json'], {stdin})
    expect(login.code).toBe(0)
    expect(JSON.parse(login.stdout)).toMatchObject({storage: `${credentialsFolder(home)} (encrypted)`})
    expect(login.stderr).toBe(
      'warning: the OS keychain cannot be used: cannot write: there is no D-Bus session; ' +
        'the session goes to an encrypted file\n',
    )
    expect(await home.run(['auth', 'status'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(encrypted)'),
      stderr: '',
    })
    for (const secret of ['correct horse', 'alice-pass', 'accessToken']) {
      expect(holds(home.folder, secret)).toBe(false)
    }
  })

  it('needs the same passphrase for each command', async () => {
    const home = bareHome(sandbox.url)
    await home.run(LOGIN, {stdin, env: PASSPHRASE})
    const without = await home.run(['auth', 'status'])
    expect(without).toMatchObject({code: 4, stderr: expect.stringContaining('VEZA_PASSPHRASE')})
    const wrong = await home.run(['auth', 'status'], {env: {VEZA_PASSPHRASE: 'battery staple'}})
    expect(wrong).toMatchObject({code: 4, stderr: expect.stringContaining('another passphrase')})
    expect(await home.run(['auth', 'status'], {env: PASSPHRASE})).toMatchObject({code: 0})
  })

  it('is removed by a sign-out without the passphrase, which says that the server was not told', async () => {
    const home = bareHome(sandbox.url)
    await home.run(LOGIN, {stdin, env: PASSPHRASE})
    const out = await home.run(['auth', 'logout'])
    expect(out).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^warning: the server did not end the session: [^\n]*passphrase\nsigned out /,
      ),
    })
    const after = await home.run(['auth', 'status'], {env: PASSPHRASE})
    expect(after).toMatchObject({code: 4, stderr: expect.stringContaining('not signed in')})
  })

  it('takes the passphrase from a file, too', async () => {
    const home = bareHome(sandbox.url)
    const file = join(home.folder, 'passphrase.txt')
    writeFileSync(file, 'correct horse\n')
    const env = {VEZA_PASSPHRASE_FILE: file}
    expect(await home.run(LOGIN, {stdin, env})).toMatchObject({code: 0})
    expect(await home.run(['auth', 'status'], {env: PASSPHRASE})).toMatchObject({code: 0})
  })

  it('fails with 4 where the keychain is required, and keeps nothing', async () => {
    const home = bareHome(sandbox.url, PASSPHRASE)
    const ways = [
      home.run([...LOGIN, '--require-keychain'], {stdin}),
      home.run(LOGIN, {stdin, env: {VEZA_REQUIRE_KEYCHAIN: '1'}}),
    ]
    for (const {code, stderr} of await Promise.all(ways)) {
      expect(code).toBe(4)
      expect(stderr).toContain('there is no D-Bus session')
    }
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 4})
  })

  it('fails naming the ways where there is none, and never falls to a plain file', async () => {
    const home = bareHome(sandbox.url)
    const {code, stderr} = await home.run(LOGIN, {stdin})
    expect(code).toBe(2)
    for (const way of ['VEZA_PASSPHRASE', '--insecure-storage', 'VEZA_TOKEN']) expect(stderr).toContain(way)
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 4})
  })

  it('whose bus accepts and says nothing is no machine on which veza hangs', async () => {
    const home = bareHome(sandbox.url, PASSPHRASE)
    const path = join(home.folder, 'bus')
    const bus = createServer(socket => void socket.on('error', () => {}).resume()).listen(path)
    onTestFinished(() => void bus.close())
    await once(bus, 'listening')
    const login = await home.run(LOGIN, {stdin, env: {DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}`}})
    expect(login).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/D-Bus does not answer within 2.5 s/),
    })
  })
})

describe('a session of the environment', () => {
  /** Has every process of the home write down, when it ends, which packages it has loaded. */
  function watchModules(home: Home): {readonly env: NodeJS.ProcessEnv; readonly loaded: () => string[]} {
    const folder = bareHome(sandbox.url).folder
    const list = join(folder, 'modules.json')
    const preload = join(folder, 'preload.cjs')
    const write = `require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(Object.keys(require.cache)))`
    writeFileSync(preload, `process.on('exit', () => ${write})\n`)
    const env = {...home.env, NODE_OPTIONS: `--require ${preload}`}
    const loaded = (): string[] => {
      const paths = JSON.parse(readFileSync(list, 'utf8')) as string[]
      return paths.filter(path => path.includes('node_modules'))
    }
    return {env, loaded}
  }

  it('loads no keychain and no database, and leaves nothing in the home', async () => {
    const token = await signInByHand()
    const home = bareHome(sandbox.url)
    const {env, loaded} = watchModules(home)
    const password = {VEZA_USERNAME: 'alice', VEZA_PASSWORD: 'alice-pass'}
    for (const credentials of [{VEZA_TOKEN: token}, password]) {
      const status = await home.run(['auth', 'status'], {env: {...env, ...credentials}})
      expect(status).toMatchObject({code: 0, stdout: expect.stringContaining('the environment'), stderr: ''})
      expect(loaded()).toEqual([])
    }
    expect(readdirSync(home.folder)).toEqual([])
    // That the list can be anything but empty:
    await home.run([...LOGIN, '--insecure-storage'], {stdin, env})
    expect(loaded().join()).toContain('libsql')
  })

  it('works in a home that cannot be written', async () => {
    const home = bareHome(sandbox.url, {VEZA_TOKEN: await signInByHand()})
    chmodSync(home.folder, 0o500)
    expect(await runUnprivileged(home, ['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
  })

  async function signInByHand(): Promise<string> {
    const home = bareHome(sandbox.url)
    await signIn(home)
    return (await sessionInFile(home).read()).accessToken
  }
})

describe('the file of a session', () => {
  it('that others may read is mended, with one warning', async () => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const path = sessionFile(home)
    chmodSync(path, 0o644)
    expect(await home.run(['auth', 'status'])).toMatchObject({
      code: 0,
      stderr: `warning: ${path} could be read by others; it is closed to them now\n`,
    })
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
  })

  it.each([
    ['torn', '{"version": 1, "secret": "{\\"acc', 2, 'is not valid JSON'],
    ['by a newer veza', '{"version": 2, "sealed": "hunter2"}', 2, 'was written by a newer veza'],
  ])('%s is told by its name and not overwritten', async (_, text, code, says) => {
    const home = bareHome(sandbox.url)
    await signIn(home)
    const path = sessionFile(home)
    writeFileSync(path, text)
    const status = await home.run(['auth', 'status'])
    expect([status.code, status.stderr]).toEqual([code, expect.stringContaining(`${path} ${says}`)])
    expect(status.stderr).not.toContain('hunter2')
    expect(readFileSync(path, 'utf8')).toBe(text)
    await signIn(home)
    expect(await home.run(['auth', 'status'])).toMatchObject({code: 0})
  })
})

describe('a home', () => {
  it('that is a symlink is as good as any', async () => {
    const home = bareHome(sandbox.url)
    const real = join(home.folder, 'real')
    const link = join(home.folder, 'link')
    mkdirSync(real)
    symlinkSync(real, link)
    const env = {HOME: link}
    expect(await home.run([...LOGIN, '--insecure-storage'], {stdin, env})).toMatchObject({code: 0})
    expect(await home.run(['auth', 'status'], {env})).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(link),
    })
    const stored = statSync(join(real, '.local', 'state', 'veza', 'sessions.json'))
    expect(stored.mode & 0o777).toBe(0o600)
  })

  it.skipIf(process.platform === 'win32')(
    'that has become read-only serves a token that is good, and spends none that is not',
    async () => {
      await using proxy = await CountingProxy.start(sandbox.url)
      const home = bareHome(proxy.url)
      await signIn(home)
      const session = sessionInFile(home)
      const state = join(home.folder, '.local', 'state', 'veza')
      const setMode = (mode: number): void => {
        for (const folder of ['locks', 'credentials', '.']) chmodSync(join(state, folder), mode)
      }
      setMode(0o500)
      expect(await runUnprivileged(home, ['auth', 'status'])).toMatchObject({code: 0, stderr: ''})

      setMode(0o700)
      await expireByClock(session)
      setMode(0o500)
      const failed = await runUnprivileged(home, ['auth', 'status'])
      expect(failed).toMatchObject({code: 2, stderr: expect.stringContaining('VEZA_STATE_DIR')})
      expect(proxy.refreshes).toEqual([])

      setMode(0o700)
      expect(await runUnprivileged(home, ['auth', 'status'])).toMatchObject({code: 0, stderr: ''})
    },
  )
})
