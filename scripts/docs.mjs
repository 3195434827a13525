// Generates what is made from the commands: oclif.manifest.json, docs/commands/ and the list in README.md; and what is
// made from the settings: their schemas; and from the code's tables: those of docs/realtime.md.
// With --check it fails when what is committed differs, and leaves it as it was.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {SCHEMA_FILES, writeSchemas} from './config-schema.mjs'
import {REALTIME_PAGE, writeRealtimeTables} from './realtime-tables.mjs'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs', 'commands')
const env = {...process.env, OCLIF_SKIP_NEW_VERSION_CHECK: 'true', FORCE_COLOR: '0', COLUMNS: '100'}

function oclif(...args) {
  const {status, stderr} = spawnSync(
    process.execPath,
    [join(root, 'node_modules', 'oclif', 'bin', 'run.js'), ...args],
    {
      cwd: root,
      env,
      encoding: 'utf8',
    },
  )
  if (status !== 0) throw new Error(`oclif ${args[0]} failed:\n${stderr}`)
}

/** Everything generated, by path. */
function snapshot() {
  const pages = readdirSync(folder).map(file => join(folder, file))
  const schemas = Object.values(SCHEMA_FILES)
  const paths = [
    join(root, 'oclif.manifest.json'),
    join(root, 'README.md'),
    REALTIME_PAGE,
    ...schemas,
    ...pages,
  ]
  return new Map(paths.filter(existsSync).map(path => [path, readFileSync(path, 'utf8')]))
}

async function generate() {
  for (const page of readdirSync(folder)) rmSync(join(folder, page))
  oclif('manifest')
  oclif('readme', '--multi', '--no-aliases', '--output-dir', 'docs/commands')
  // The manifest must be the same wherever it was made.
  const manifest = join(root, 'oclif.manifest.json')
  writeFileSync(manifest, `${JSON.stringify(JSON.parse(readFileSync(manifest, 'utf8')), null, 2)}\n`)
  await writeSchemas()
  await writeRealtimeTables()
}

function stale(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    path => before.get(path) !== after.get(path),
  )
}

const before = snapshot()
await generate()
if (process.argv.includes('--check')) {
  const after = snapshot()
  const paths = stale(before, after)
  for (const path of after.keys()) if (!before.has(path)) rmSync(path)
  for (const [path, text] of before) writeFileSync(path, text)
  for (const path of paths) console.error(`not up to date: ${path.slice(root.length + 1)}; run: npm run docs`)
  if (paths.length > 0) process.exit(1)
  console.log(`docs: manifest, README, schemas and ${readdirSync(folder).length} pages are up to date`)
}
