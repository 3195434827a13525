import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {afterAll, beforeAll} from 'vitest'
import {type Home, makeHome, UNLIMITED, VEZA} from '../../support/veza.js'

/** A `veza sandbox` that runs as a process of its own. */
export interface SandboxProcess {
  readonly url: string
  /** Ends it, by default as Ctrl-C does. Resolves to its exit code, null where the signal killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Starts `veza sandbox --port 0` with more flags, and resolves when it is ready. The caller stops it. */
export async function startSandbox(...flags: readonly string[]): Promise<SandboxProcess> {
  const [node = '', bin = ''] = VEZA
  const child = spawn(node, [bin, 'sandbox', '--port', '0', ...flags], {
    env: {PATH: process.env.PATH, HOME: codeCache, XDG_CACHE_HOME: codeCache},
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const url = await readyUrl(child)
  return {
    url,
    stop: async (signal = 'SIGINT') => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
      const exited = once(child, 'exit')
      child.kill(signal)
      await exited
      return child.exitCode
    },
  }
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const said: string[] = []
  for await (const line of createInterface({input: child.stderr!})) {
    said.push(line)
    if (line.startsWith('ready: ')) {
      child.stderr!.resume()
      return line.slice('ready: '.length)
    }
  }
  throw new Error(`the sandbox did not start: ${said.join('\n')}`)
}

/** A sandbox for all tests of a file; `url` is known once they run. */
export function sharedSandbox(...flags: readonly string[]): {readonly url: string} {
  let running: SandboxProcess | undefined
  beforeAll(async () => {
    running = await startSandbox(...flags)
  })
  afterAll(async () => {
    await running?.stop()
  })
  return {
    get url() {
      return running!.url
    },
  }
}

/** Compiled code of all homes of a test file, so that each command starts as fast as at a user's second one. */
const codeCache = mkdtempSync(join(tmpdir(), 'veza-cache-'))
afterAll(() => rmSync(codeCache, {recursive: true, force: true}))

/** A home whose commands talk to `url` as `username`, with name and password from the environment. */
export function homeAt(url: string, username = 'alice', env: NodeJS.ProcessEnv = {}): Home {
  return makeHome({
    XDG_CACHE_HOME: codeCache,
    VEZA_SERVER: url,
    VEZA_USERNAME: username,
    VEZA_PASSWORD: `${username}-pass`,
    ...UNLIMITED,
    ...env,
  })
}

/** A home with nothing in its environment but the server: for sessions kept in a file. */
export function bareHome(url: string, env: NodeJS.ProcessEnv = {}): Home {
  return makeHome({XDG_CACHE_HOME: codeCache, VEZA_SERVER: url, ...UNLIMITED, ...env})
}

/** Signs in with the session in a file. */
export async function signIn(home: Home, username = 'alice'): Promise<void> {
  const args = ['auth', 'login', '--username', username, '--password-stdin', '--insecure-storage']
  const {code, stderr} = await home.run(args, {stdin: `${username}-pass\n`})
  if (code !== 0) throw new Error(`cannot sign in: ${stderr}`)
}

/** A room of its own for a test: its id as a string. */
export async function newRoom(home: Home, name: string): Promise<string> {
  const {stdout, stderr} = await home.run(['rooms', 'create', name, '--json'])
  if (stdout === '') throw new Error(`no room: ${stderr}`)
  return String((JSON.parse(stdout) as {id: number}).id)
}

/** The contents of all messages of a room, oldest first. */
export async function contentsOf(home: Home, room: string): Promise<string[]> {
  const {stdout} = await home.run(['messages', 'list', room, '--all', '--json'])
  return (JSON.parse(stdout) as {content: string}[]).map(message => message.content).reverse()
}
