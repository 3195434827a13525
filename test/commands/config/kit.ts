import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {type Ended, type Home, makeHome, startProcess, VEZA} from '../../support/veza.js'

/** A home with its user file, and folders to work in. */
export interface Desk {
  readonly home: Home
  /** Path of the user file. */
  readonly file: string
  /** The text of the user file. */
  text(): string
  /** What the user file holds. */
  content(): Record<string, unknown>
  /** Writes the user file. */
  write(content: unknown): void
  /** Writes `.veza.json` into a folder below the home; gives its path. */
  project(folder: string, content: unknown): string
  /** Runs a command, in a folder below the home. */
  run(args: readonly string[], folder?: string, env?: NodeJS.ProcessEnv): Promise<Ended>
}

/** A desk for one test. Contents that are text are written as they are, others as JSON. */
export function makeDesk(env: NodeJS.ProcessEnv = {}): Desk {
  const home = makeHome(env)
  const file = join(home.folder, '.config', 'veza', 'config.json')
  return {
    home,
    file,
    text: () => readFileSync(file, 'utf8'),
    content: () => JSON.parse(readFileSync(file, 'utf8')),
    write: content => put(file, content),
    project: (folder, content) => put(join(home.folder, folder, '.veza.json'), content),
    run: (args, folder = '.', more = {}) => {
      const here = join(home.folder, folder)
      mkdirSync(here, {recursive: true})
      const script = 'cd "$1" && shift && exec "$@"'
      return startProcess('sh', ['-c', script, 'sh', here, ...VEZA, ...args], {...home.env, ...more}).ended
    },
  }
}

function put(path: string, content: unknown): string {
  mkdirSync(dirname(path), {recursive: true})
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
