// From a bare clone to something that runs: installs what is missing and builds what is stale.
import {spawnSync} from 'node:child_process'
import {existsSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

export function ensureBuilt() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  if (isOlder(installed, [join(root, 'package-lock.json')])) run(npm, ['ci', '--no-audit', '--no-fund'])
  const sources = ['src', 'scripts', 'package.json'].map(path => join(root, path))
  if (isOlder(join(root, 'dist', 'veza.hash'), sources))
    run(process.execPath, [join(root, 'scripts', 'build.mjs')])
}

/** Runs a command with our output; ends this process with its code if it fails. */
export function run(command, args, options = {}) {
  const {status} = spawnSync(command, args, {cwd: root, stdio: 'inherit', ...options})
  if (status !== 0) process.exit(status ?? 1)
}

function isOlder(target, sources) {
  return !existsSync(target) || sources.some(source => newest(source) > statSync(target).mtimeMs)
}

function newest(path) {
  const facts = statSync(path)
  if (!facts.isDirectory()) return facts.mtimeMs
  const inside = readdirSync(path, {recursive: true}).map(entry => statSync(join(path, entry)).mtimeMs)
  return Math.max(facts.mtimeMs, ...inside)
}
