// docs/schemas/: a JSON Schema of each command's output, which `--json-schema` prints. Additions are written by
// `npm run docs`; what would break a reader is written only by `npm run schemas -- --accept-breaking`.
import {spawnSync} from 'node:child_process'
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {dirname, join, relative, sep} from 'node:path'
import {outputSchemas} from './lib/output-types.mjs'
import {breakingChanges} from './lib/schema-changes.mjs'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs', 'schemas')
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')

/** The committed schemas, by path. */
export function schemaFiles() {
  if (!existsSync(folder)) return []
  return readdirSync(folder, {recursive: true})
    .filter(file => file.endsWith('.json'))
    .map(file => join(folder, file))
}

/**
 * Writes the schemas that the types give.
 * @param {{acceptBreaking?: boolean}} options
 * @returns {string[]} breaking changes; then nothing is written, unless they are accepted
 */
export function writeOutputSchemas({acceptBreaking = false} = {}) {
  const now = new Map([...outputSchemas(root)].map(([id, schema]) => [pathOf(id), schema]))
  const faults = changes(now)
  if (faults.length > 0 && !acceptBreaking) return faults
  for (const path of schemaFiles()) if (!now.has(path)) rmSync(path)
  for (const [path, schema] of now) {
    mkdirSync(dirname(path), {recursive: true})
    writeFileSync(path, JSON.stringify(schema, null, 2))
  }
  const {status, stderr} = spawnSync(process.execPath, [biome, 'format', '--write', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`the schemas cannot be formatted:\n${stderr}`)
  return faults
}

function changes(now) {
  return schemaFiles().flatMap(path => {
    const name = relative(folder, path).split(sep).join('/')
    const schema = now.get(path)
    if (schema === undefined) return [`${name}: the command is gone`]
    return breakingChanges(JSON.parse(readFileSync(path, 'utf8')), schema).map(fault => `${name}: ${fault}`)
  })
}

function pathOf(id) {
  return join(folder, ...id.split(':')).concat('.json')
}
