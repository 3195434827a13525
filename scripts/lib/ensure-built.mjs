// From a bare clone to something that runs: installs what is missing and builds what is stale.
import {spawnSync} from 'node:child_process'
import {existsSync, lstatSync, readdirSync, statSync} from 'node:fs'
import {join} from 'node:path'

const root = join(import.meta.dirname, '..', '..')
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** What is prepared is not the output of what was asked for. */
const TO_STDERR = {stdio: ['ignore', 2, 2]}

export function ensureBuilt() {
  const installed = join(root, 'node_modules', '.package-lock.json')
  // A link leads to another checkout's packages, which `npm ci` here would remove.
  if (!isLink(join(root, 'node_modules')) && isOlder(installed, [join(root, 'package-lock.json')]))
    run(npm, ['ci', '--no-audit', '--no-fund'], TO_STDERR)
  const sources = ['src', 'scripts', 'package.json'].map(path => join(root, path))
  if (isOlder(join(root, 'dist', 'veza.hash'), sources))
    run(process.execPath, [join(root, 'scripts', 'build.mjs')], TO_STDERR)
}

/** Runs a command with our output; ends this process with its code if it fails. */
export function run(command, args, options = {}) {
  // Windows starts npm, a script, through a shell only.
  const shell = process.platform === 'win32' && command === npm
  const {status, error} = spawnSync(command, args, {cwd: root, stdio: 'inherit', shell, ...options})
  if (error) console.error(`cannot run ${command}: ${error.message}`)
  if (status !== 0) process.exit(status ?? 1)
}

function isLink(path) {
  return lstatSync(path, {throwIfNoEntry: false})?.isSymbolicLink() === true
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
