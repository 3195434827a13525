import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {bundleScript} from './child-script.js'

/** One call of the keychain store. */
export interface KeychainStep {
  readonly op: 'read' | 'write' | 'remove'
  readonly account: string
  readonly secret?: string
}

/** What came of it: a value, or the error's code, message and hint. */
export interface StepResult {
  readonly value?: string | undefined
  readonly code?: string
  readonly message?: string
  readonly hint?: string | undefined
  readonly durationMs?: number
}

/** How the process that ran the steps ended. */
export interface KeychainRun {
  readonly results: readonly StepResult[]
  readonly exitCode: number | null
  readonly durationMs: number
}

/** A session bus with an unlocked Secret Service that lives until it is closed. */
export interface SecretService {
  /** For `DBUS_SESSION_BUS_ADDRESS`. */
  readonly address: string
  close(): Promise<void>
}

/** Starts the service and unlocks its keyring. */
const UNLOCK = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1'
const HERE = import.meta.dirname
const NODE_MODULES = join(HERE, '..', '..', 'node_modules')
/** Above any bound that a test claims: whoever hangs is killed, and the test fails by its exit code. */
const KILL_AFTER_MS = 20_000

/** Whether a session bus can be started here. */
export const hasBus = isInstalled('dbus-run-session')

/** Whether a Secret Service can be started here, too. */
export const hasSecretService = hasBus && isInstalled('gnome-keyring-daemon')

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0
}

/** Processes that use the keychain, each on a session bus of its own; one folder holds the keyring of all. */
export class KeychainHost {
  private constructor(
    readonly folder: string,
    readonly script: string,
  ) {}

  static async open(): Promise<KeychainHost> {
    const folder = await mkdtemp(join(tmpdir(), 'veza-keychain-'))
    const script = await bundleScript(join(HERE, 'keychain-script.ts'), folder)
    return new KeychainHost(folder, script)
  }

  async close(): Promise<void> {
    await rm(this.folder, {recursive: true, force: true})
  }

  /** On a new bus with a Secret Service that is unlocked. The service ends with its bus. */
  withService(...steps: KeychainStep[]): Promise<KeychainRun> {
    return this.#onBus(`${UNLOCK}; exec "$0" "$1"`, join(this.folder, 'data'), steps)
  }

  /** Starts a bus with a Secret Service for processes of any number and kind. */
  async serve(): Promise<SecretService> {
    // Its end is the end of its stdin, so that it does not outlive this process either.
    const shell = `${UNLOCK}; echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat`
    const child = spawn('dbus-run-session', ['--', 'sh', '-c', shell], {
      env: {
        PATH: process.env.PATH,
        HOME: this.folder,
        XDG_DATA_HOME: join(this.folder, 'served'),
        XDG_RUNTIME_DIR: this.folder,
      },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    const ended = once(child, 'exit')
    const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    const close = async (): Promise<void> => {
      child.stdin.end()
      await ended
    }
    return {address: line.trim(), close}
  }

  /** On a new bus whose Secret Service is started by the first call and then never says a word. */
  async withSilentService(...steps: KeychainStep[]): Promise<KeychainRun> {
    const data = join(this.folder, 'silent')
    const services = join(data, 'dbus-1', 'services')
    await mkdir(services, {recursive: true})
    const service = '[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sleep 10\n'
    await writeFile(join(services, 'org.freedesktop.secrets.service'), service)
    return this.#onBus('exec "$0" "$1"', data, steps)
  }

  /** Without a session bus of ours: `address` is all the process is told, undefined for nothing at all. */
  withBusAddress(address: string | undefined, ...steps: KeychainStep[]): Promise<KeychainRun> {
    const env = {
      // Where there is no address, the library looks for a socket in there.
      XDG_RUNTIME_DIR: join(this.folder, 'no-such-folder'),
      ...(address === undefined ? {} : {DBUS_SESSION_BUS_ADDRESS: address}),
    }
    return this.#run([process.execPath, this.script], env, steps)
  }

  #onBus(shell: string, dataHome: string, steps: readonly KeychainStep[]): Promise<KeychainRun> {
    const inner = ['sh', '-c', shell, process.execPath, this.script]
    const env = {XDG_DATA_HOME: dataHome, XDG_RUNTIME_DIR: this.folder}
    return this.#run(['dbus-run-session', '--', ...inner], env, steps)
  }

  /** In a process group of its own, which is gone when this resolves. */
  #run(command: string[], env: NodeJS.ProcessEnv, steps: readonly KeychainStep[]): Promise<KeychainRun> {
    const startMs = performance.now()
    const [file = '', ...args] = command
    const child = spawn(file, args, {
      env: {PATH: process.env.PATH, HOME: this.folder, NODE_PATH: NODE_MODULES, ...env},
      stdio: ['pipe', 'pipe', 'ignore'],
      detached: true,
    })
    const killGroup = (): void => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {
        // Gone already.
      }
    }
    const killer = setTimeout(killGroup, KILL_AFTER_MS)
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.stdin.end(JSON.stringify(steps))
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', exitCode => {
        clearTimeout(killer)
        const durationMs = performance.now() - startMs
        killGroup()
        resolve({results: output === '' ? [] : (JSON.parse(output) as StepResult[]), exitCode, durationMs})
      })
    })
  }
}
