// How the long proofs are started: as a program of its own, or as the long form of tests.
import {mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {ensureBuilt, run} from '../../../scripts/lib/ensure-built.mjs'

const root = join(import.meta.dirname, '..', '..', '..')

/** Bundles `test/soak/<name>/main.ts` and runs it with our arguments; ends this process with its code if it fails. */
export async function launch(name) {
  // Inside node_modules, so that the packages are found from there.
  const folder = join(root, 'node_modules', '.cache', 'veza-soak')
  const outfile = join(folder, `${name}-${process.pid}.mjs`)
  ensureBuilt()
  // Not before it is installed.
  const {build} = await import('esbuild')
  mkdirSync(folder, {recursive: true})
  await build({
    entryPoints: [join(root, 'test', 'soak', name, 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.17',
    packages: 'external',
    logLevel: 'error',
  })
  process.on('exit', () => rmSync(outfile, {force: true}))
  run(process.execPath, [outfile, ...process.argv.slice(2)])
}

/** Runs test files in their long form, one after the other; ends this process with the code of vitest if one fails. */
export function launchTests(...tests) {
  ensureBuilt()
  const vitest = join('node_modules', 'vitest', 'vitest.mjs')
  const env = {...process.env, VEZA_SOAK: '1'}
  run(process.execPath, [vitest, 'run', ...tests, '--no-file-parallelism', '--disable-console-intercept'], {
    env,
  })
}
