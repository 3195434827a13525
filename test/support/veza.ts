import {type ChildProcessWithoutNullStreams, spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {onTestFinished} from 'vitest'
import {assertOutputSchema} from './output-schema.js'

/** The command under test: the build in this checkout, or the installed package that VEZA_TEST_BIN names. */
const BIN = process.env.VEZA_TEST_BIN ?? join(import.meta.dirname, '..', '..', 'bin', 'run.js')
/** The Node that runs it: this one, or the one that VEZA_TEST_NODE names. */
const NODE = process.env.VEZA_TEST_NODE ?? process.execPath

/** How a command ended and what it wrote. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A running command. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams
  readonly ended: Promise<Ended>
  /** Resolves once the text has come on the stream; rejects when the command ends before. */
  sees(stream: 'stdout' | 'stderr', text: string | RegExp): Promise<string>
}

/** A home of its own for commands: nothing of the machine's sessions or variables reaches them. */
export interface Home {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  /** Starts a command. */
  start(args: readonly string[], options?: RunOptions): Running
  /** Runs a command to its end. */
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  /** Written to stdin, which is then closed. Default: an empty stdin. 'open' leaves it open. */
  readonly stdin?: string | Buffer | 'open'
}

/** For homes whose messages are not to wait for one another. */
export const UNLIMITED: NodeJS.ProcessEnv = {VEZA_RATE_LIMIT: '0'}

/** Makes a home that is removed when the test ends, or as `atEnd` has it. `env` goes to every command. */
export function makeHome(
  env: NodeJS.ProcessEnv = {},
  atEnd: (remove: () => void) => void = onTestFinished,
): Home {
  const folder = mkdtempSync(join(tmpdir(), 'veza-home-'))
  // A process that completion has left behind may still be writing there.
  atEnd(() => rmSync(folder, {recursive: true, force: true, maxRetries: 20, retryDelay: 100}))
  const homeEnv = {PATH: process.env.PATH, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8', ...env}
  const start = (args: readonly string[], options: RunOptions = {}): Running =>
    checked(args, startProcess(NODE, [BIN, ...args], {...homeEnv, ...options.env}, options.stdin ?? ''))
  return {folder, env: homeEnv, start, run: (args, options) => start(args, options).ended}
}

/** What `--json` has printed must be as the schema of the command's output has it, in every test. */
function checked(args: readonly string[], running: Running): Running {
  const ended = running.ended.then(async end => {
    await assertOutputSchema(args, end.stdout)
    return end
  })
  // A test may look at something else of it and never wait for its end.
  ended.catch(() => undefined)
  return {...running, ended}
}

/** The command line of veza, for a shell or a terminal that a test starts. */
export const VEZA: readonly string[] = [NODE, BIN]

/** Starts any program; it is killed when the test ends before it. */
export function startProcess(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  stdin: string | Buffer | 'open' = '',
): Running {
  const child = spawn(command, args, {env, stdio: 'pipe'})
  onTestFinished(() => void child.kill('SIGKILL'))
  const text = {stdout: '', stderr: ''}
  const watchers = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk
      for (const watcher of watchers) watcher()
    })
  }
  // A command that ends without reading its stdin breaks the pipe: not what a test is about.
  child.stdin.on('error', () => undefined)
  if (stdin !== 'open') child.stdin.end(stdin)
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => resolve({code, ...text}))
  })
  const sees = (stream: 'stdout' | 'stderr', wanted: string | RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof wanted === 'string' ? !text[stream].includes(wanted) : !wanted.test(text[stream])) return
        watchers.delete(look)
        resolve(text[stream])
      }
      watchers.add(look)
      look()
      void ended.then(end =>
        reject(new Error(`ended with ${end.code} before ${wanted}: ${end.stdout}${end.stderr}`)),
      )
    })
  return {child, ended, sees}
}

/** What a person does at a terminal, beside the command itself. */
export interface TerminalOptions {
  /** What is typed in, each when its prompt has appeared. */
  readonly typing?: readonly {readonly prompt: string; readonly typed: string}[]
  readonly env?: NodeJS.ProcessEnv
  /** Redirected into the command's stdin, which is then no terminal. */
  readonly input?: string
}

/** What a command shows at a terminal of 100 columns, and its exit code. */
export async function atTerminal(
  home: Home,
  args: readonly string[],
  {typing = [], env = {}, input}: TerminalOptions = {},
): Promise<{readonly code: number | null; readonly screen: string}> {
  const quoted = [...VEZA, ...args].map(word => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const inputFile = join(home.folder, 'input')
  if (input !== undefined) writeFileSync(inputFile, input)
  const redirection = input === undefined ? '' : ` < '${inputFile}'`
  const command = `stty cols 100 rows 40; exec ${quoted}${redirection}`
  const terminal = {TERM: 'xterm-256color', ...home.env, ...env}
  const running = startProcess('script', ['-qec', command, '/dev/null'], terminal, 'open')
  for (const {prompt, typed} of typing) {
    await running.sees('stdout', prompt)
    running.child.stdin.write(typed)
  }
  const {code, stdout} = await running.ended
  return {code, screen: stdout.replaceAll('\r\n', '\n')}
}
