// Generates what is made from the commands: oclif.manifest.json, docs/commands/, the list in README.md, docs/man/,
// docs/schemas/ and docs/coverage.md; and what is made from the settings: their schemas; and from the code's tables: those of
// docs/realtime.md. With --check it fails when what is committed differs, and leaves it as it was. Both fail where a row of
// the contract has no command, and where the output of a command breaks those who read it.
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {SCHEMA_FILES, writeSchemas} from './config-schema.mjs'
import {COVERAGE_PAGE, writeCoverage} from './coverage.mjs'
import {manFiles, writeManPages} from './man-pages.mjs'
import {schemaFiles, writeOutputSchemas} from './output-schemas.mjs'
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
    join(root, 'package.json'),
    REALTIME_PAGE,
    COVERAGE_PAGE,
    ...schemas,
    ...schemaFiles(),
    ...manFiles(),
    ...pages,
  ]
  return new Map(paths.filter(existsSync).map(path => [path, readFileSync(path, 'utf8')]))
}

/** @returns what is wrong beyond anything that generating could mend */
async function generate() {
  for (const page of readdirSync(folder)) rmSync(join(folder, page))
  oclif('manifest')
  oclif('readme', '--multi', '--no-aliases', '--output-dir', 'docs/commands')
  // The manifest must be the same wherever it was made.
  const manifest = join(root, 'oclif.manifest.json')
  writeFileSync(manifest, `${JSON.stringify(JSON.parse(readFileSync(manifest, 'utf8')), null, 2)}\n`)
  await writeSchemas()
  await writeRealtimeTables()
  await writeManPages()
  const uncovered = await writeCoverage()
  const breaking = writeOutputSchemas()
  return [
    ...uncovered.map(row => `no command lists this row of the contract in its calls: ${row}`),
    ...breaking.map(
      fault =>
        `breaks who reads the output; if that is meant: npm run schemas -- --accept-breaking: ${fault}`,
    ),
  ]
}

function stale(before, after) {
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    path => before.get(path) !== after.get(path),
  )
}

function restore(before, after) {
  for (const path of after.keys()) if (!before.has(path)) rmSync(path)
  for (const [path, text] of before) {
    if (after.get(path) === text) continue
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, text)
  }
}

const before = snapshot()
const faults = await generate()
const after = snapshot()
if (process.argv.includes('--check')) {
  restore(before, after)
  const name = path => path.slice(root.length + 1)
  faults.push(...stale(before, after).map(path => `not up to date: ${name(path)}; run: npm run docs`))
}
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.log(`docs: ${after.size} generated files`)
