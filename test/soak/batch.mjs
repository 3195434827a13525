// What a batch promises, at full size: exactly its messages, in order, once each, whatever happens on the way.
//   --only faults|kills            one part
//   --dialect guide|reference --lane rest|socket
//   --messages N --kills N
//   --seed S                       one run again; else a seed that nobody has tried
import {mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {ensureBuilt, run} from '../../scripts/lib/ensure-built.mjs'

const root = join(import.meta.dirname, '..', '..')
// Inside node_modules, so that the packages are found from there.
const folder = join(root, 'node_modules', '.cache', 'veza-soak')
const outfile = join(folder, `batch-${process.pid}.mjs`)

ensureBuilt()
// Not before it is installed.
const {build} = await import('esbuild')
mkdirSync(folder, {recursive: true})
await build({
  entryPoints: [join(root, 'test', 'soak', 'batch', 'main.ts')],
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
