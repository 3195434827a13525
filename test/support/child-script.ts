import {type ChildProcessByStdio, spawn} from 'node:child_process'
import {basename, join} from 'node:path'
import type {Readable} from 'node:stream'
import {text} from 'node:stream/consumers'
import {build} from 'esbuild'

const NODE_MODULES = join(import.meta.dirname, '..', '..', 'node_modules')
/** The user that owns nothing. Tests in a container run as root, who may read and write whatever the mode says. */
const NOBODY = 65_534

/** Bundles a script in TypeScript as the real build does, and resolves to the path of the result in `folder`. */
export async function bundleScript(source: string, folder: string): Promise<string> {
  const outfile = join(folder, `${basename(source, '.ts')}.cjs`)
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@napi-rs/keyring', 'libsql'],
    // As in the real bundle: import() of a native package becomes a require.
    supported: {'dynamic-import': false},
    logLevel: 'error',
  })
  return outfile
}

/** Starts a bundled script; what it writes to stderr is shown. */
export function startScript(
  script: string,
  args: readonly string[],
  more: NodeJS.ProcessEnv = {},
): ChildProcessByStdio<null, Readable, null> {
  // The bundle is in a folder of its own, from which the native packages cannot be seen.
  const env = {...process.env, NODE_PATH: NODE_MODULES, ...more}
  return spawn(process.execPath, [script, ...args], {stdio: ['ignore', 'pipe', 'inherit'], env})
}

/** What a bundled script prints when it is run by somebody who is not root. */
export async function outputAsOrdinaryUser(script: string, args: readonly string[]): Promise<string> {
  const ordinary = process.getuid?.() === 0 ? {uid: NOBODY, gid: NOBODY} : {}
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {PATH: process.env.PATH},
    ...ordinary,
  })
  return text(child.stdout)
}
