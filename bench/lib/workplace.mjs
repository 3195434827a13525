// What a benchmark needs around it: a folder that goes away, homes for veza, servers in processes of their own.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..', '..')

/** The command line of veza in this checkout. */
export const VEZA = [process.execPath, join(root, 'bin', 'run.js')]

/** The command line of a script in bench. */
export const script = (path, ...args) => [process.execPath, join(root, 'bench', path), ...args]

/** A folder and processes that are gone when the benchmark is, however it ends. */
export class Workplace {
  #servers = new Set()
  #onExit = () => this.#abandon()
  #onSignal = () => process.exit(130)

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'veza-bench-'))
    process.on('exit', this.#onExit)
    process.on('SIGINT', this.#onSignal)
    process.on('SIGTERM', this.#onSignal)
  }

  /**
   * The environment of a child: nothing of ours but the path. NODE_EXTRA_CA_CERTS above all stays out, which alone costs
   * each start of Node 20 some 30 ms and so would flatter every ratio.
   */
  env(home, more = {}) {
    const folder = join(this.folder, home)
    mkdirSync(folder, {recursive: true})
    return {PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: folder, TMPDIR: this.folder, ...more}
  }

  /** Starts a server that says `ready: URL` on stderr; resolves to the URL. */
  serve([file, ...args]) {
    const server = spawn(file, args, {env: this.env('server'), stdio: ['ignore', 'ignore', 'pipe']})
    this.#servers.add(server)
    return new Promise((resolve, reject) => {
      let text = ''
      server.stderr.on('data', chunk => {
        text += chunk
        const url = /^ready: (\S+)$/m.exec(text)?.[1]
        if (url !== undefined) resolve(url)
      })
      server.once('close', () => reject(new Error(`${args.join(' ')} has ended: ${text}`)))
    })
  }

  /** Ends the servers and removes the folder. */
  async close() {
    const running = [...this.#servers].filter(
      server => server.exitCode === null && server.signalCode === null,
    )
    const ended = running.map(server => once(server, 'exit'))
    for (const server of running) server.kill('SIGTERM')
    await Promise.all(ended)
    this.#abandon()
    process.off('exit', this.#onExit)
    process.off('SIGINT', this.#onSignal)
    process.off('SIGTERM', this.#onSignal)
  }

  #abandon() {
    for (const server of this.#servers) server.kill('SIGKILL')
    rmSync(this.folder, {recursive: true, force: true})
  }
}
