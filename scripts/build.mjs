// Bundles the sources for Node into dist/: see docs/architecture.md, "From sources to package".
import {createHash} from 'node:crypto'
import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {commandTables} from './lib/command-tables.mjs'
import {lazyRequires} from './lib/lazy-requires.mjs'
import {separateBundles} from './lib/separate-bundles.mjs'
import {writeLicences} from './lib/licences.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.17',
  format: 'cjs',
  // Native addons keep their own files; everything else is inside.
  external: ['@napi-rs/keyring', 'libsql', './help.cjs', './sandbox.cjs'],
  // import() of an external becomes a require: a script run from a code cache cannot import.
  supported: {'dynamic-import': false},
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [commandTables(root), lazyRequires(), separateBundles()],
}

rmSync(dist, {recursive: true, force: true})
const results = await Promise.all([
  build({...shared, entryPoints: {veza: 'src/main.ts'}, outdir: dist, outExtension: {'.js': '.cjs'}}),
  build({...shared, entryPoints: {help: 'src/help.ts'}, outdir: dist, outExtension: {'.js': '.cjs'}}),
  build({
    ...shared,
    entryPoints: {sandbox: 'src/sandbox/index.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
])
// The start-up's code cache is keyed by this, so that a new build never meets the cache of an old one.
const hash = createHash('sha256')
  .update(readFileSync(join(dist, 'veza.cjs')))
  .digest('hex')
  .slice(0, 16)
writeFileSync(join(dist, 'veza.hash'), hash)
writeLicences(root, results, join(dist, 'THIRD-PARTY-LICENSES.txt'))
