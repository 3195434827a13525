// Generates the schemas of config.json and .veza.json for editors from the definitions of the settings, into docs/.
import {spawnSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {loadSource} from './lib/load-source.mjs'

const root = join(import.meta.dirname, '..')
const biome = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome')

/** What is generated. */
export const SCHEMA_FILES = {
  userFileSchema: join(root, 'docs', 'config.schema.json'),
  projectFileSchema: join(root, 'docs', 'project.schema.json'),
}

export async function writeSchemas() {
  const schemas = await loadSource('lib/config/schema.ts')
  for (const [name, path] of Object.entries(SCHEMA_FILES)) {
    writeFileSync(path, `${JSON.stringify(schemas[name](), null, 2)}\n`)
  }
  const {status, stderr} = spawnSync(
    process.execPath,
    [biome, 'format', '--write', ...Object.values(SCHEMA_FILES)],
    {cwd: root, encoding: 'utf8'},
  )
  if (status !== 0) throw new Error(`the schemas cannot be formatted:\n${stderr}`)
}
