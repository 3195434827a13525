// `npm run soak`: what the tail promises, at full size: see docs/realtime.md and docs/performance.md.
//   --only faults|kill|restart|silent   one part
//   --seeds N --messages N --faults N --kills N
//   --seed S                            one run again
//   --random                            seeds that nobody has tried
import {mkdirSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {ensureBuilt, run} from '../../scripts/lib/ensure-built.mjs'

const root = join(import.meta.dirname, '..', '..')
// Inside node_modules, so that the packages are found from there.
const folder = join(root, 'node_modules', '.cache', 'veza-soak')
const outfile = join(folder, `tail-${process.pid}.mjs`)

ensureBuilt()
// Not before it is installed.
const {build} = await import('esbuild')
mkdirSync(folder, {recursive: true})
await build({
  entryPoints: [join(root, 'test', 'soak', 'tail', 'main.ts')],
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
