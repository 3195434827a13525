// Lints deploy/: the units by systemd, the Dockerfile and the manifests by tools of .ci/lint (npm ci --prefix .ci/lint).
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join} from 'node:path'
import {ensureBuilt} from './lib/ensure-built.mjs'
import {lintCommandLines} from './lib/lint-command-lines.mjs'
import {lintDockerfile} from './lib/lint-dockerfile.mjs'
import {lintManifests} from './lib/lint-manifests.mjs'
import {lintUnits} from './lib/lint-units.mjs'

ensureBuilt()
const root = join(import.meta.dirname, '..')
const deploy = join(root, 'deploy')
const tools = createRequire(join(root, '.ci', 'lint', 'package.json'))
const manifest = JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8'))

const problems = [
  ...lintUnits(join(deploy, 'systemd'), join(root, 'bin', 'run.js')),
  ...lintDockerfile(join(deploy, 'Dockerfile'), tools),
  ...(await lintManifests(join(deploy, 'kubernetes'), tools)),
  ...lintCommandLines(deploy, manifest),
]
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('deploy/: units, Dockerfile and manifests are as they must be')
