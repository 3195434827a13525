// Bundles the sources for Node into dist/: see docs/architecture.md, "From sources to package".
import {createHash} from 'node:crypto'
import {copyFileSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {build} from 'esbuild'
import {commandTables} from './lib/command-tables.mjs'
import {completionTree} from './lib/completion-tree.mjs'
import {exportPage, exportPageApart} from './lib/export-page.mjs'
import {lazyBuiltins} from './lib/lazy-builtins.mjs'
import {lazyRequires} from './lib/lazy-requires.mjs'
import {writeLicences} from './lib/licences.mjs'
import {ownCopies} from './lib/own-copies.mjs'
import {separateBundles} from './lib/separate-bundles.mjs'
import {slimAxios} from './lib/slim-axios.mjs'
import {slimPromClient} from './lib/slim-prom-client.mjs'

const root = join(import.meta.dirname, '..')
const dist = join(root, 'dist')

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.17',
  format: 'cjs',
  // Native addons keep their own files; everything else is inside.
  external: ['@napi-rs/keyring', 'libsql', 'typescript'],
  // import() of an external becomes a require: a script run from a code cache cannot import.
  supported: {'dynamic-import': false},
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  plugins: [
    commandTables(root),
    lazyRequires(),
    lazyBuiltins(),
    slimAxios(),
    slimPromClient(),
    ownCopies(root),
    separateBundles(),
    exportPageApart(),
  ],
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
  build({
    ...shared,
    entryPoints: {redis: 'src/lib/state/redis/index.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  build({
    ...shared,
    entryPoints: {'bot-file': 'src/lib/bot/bot-file.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  // Imports modules of users: nothing of ours is in it.
  build({
    ...shared,
    entryPoints: {'import-module': 'src/lib/cli/bot/import-module.ts'},
    supported: {'dynamic-import': true},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  // jq runs in a thread, which is started from a file.
  build({
    ...shared,
    entryPoints: {'jq-worker': 'src/lib/output/jq/jq-worker.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  build({
    ...shared,
    stdin: {contents: "export {PAGE} from 'veza:export-page'", resolveDir: root},
    outfile: join(dist, 'export-page.cjs'),
    plugins: [exportPage(root)],
  }),
  build({
    ...shared,
    entryPoints: {complete: 'src/complete.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  build({
    ...shared,
    entryPoints: {metrics: 'src/lib/metrics/registry.ts'},
    outdir: dist,
    outExtension: {'.js': '.cjs'},
  }),
  // Only for the manifest and the docs, which are made before the package: not part of it.
  build({
    ...shared,
    stdin: {contents: "export {COMMANDS} from 'veza:all-commands'", resolveDir: root},
    outfile: join(dist, 'commands.js'),
  }),
])
// The types of what a bot's module gets: interfaces alone are a declaration file as they are.
copyFileSync(join(root, 'src', 'lib', 'bot', 'bot-context.ts'), join(dist, 'bot.d.ts'))
copyFileSync(join(root, 'node_modules', 'jq-web', 'jq.wasm'), join(dist, 'jq.wasm'))
// Regular expressions of libraries hold a few characters beyond ASCII; with them escaped the whole file is one byte a
// character, which Node reads and compiles faster.
const main = join(dist, 'veza.cjs')
writeFileSync(
  main,
  readFileSync(main, 'utf8').replace(
    /[^\x00-\x7f]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
)
// The start-up's code cache is keyed by this, so that a new build never meets the cache of an old one.
const hash = createHash('sha256').update(readFileSync(main)).digest('hex').slice(0, 16)
writeFileSync(join(dist, 'veza.hash'), hash)
writeLicences(root, results, join(dist, 'THIRD-PARTY-LICENSES.txt'))
const {oclif} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const tree = await completionTree(join(dist, 'commands.js'), oclif.topics)
writeFileSync(join(dist, 'completion.json'), JSON.stringify(tree))
