// Holds the directions of docs/architecture.md: who may import whom, what only one place may know, and no cycles.
import {readdirSync, readFileSync} from 'node:fs'
import {dirname, join, normalize, sep} from 'node:path'

const root = join(import.meta.dirname, '..')

/** Each layer and those below it that it may import. Within a layer everything may. */
const LAYERS = {
  contract: [],
  page: [],
  'lib/errors': [],
  'lib/state': ['lib/errors'],
  'lib/config': ['lib/state', 'lib/errors'],
  'lib/http': ['lib/errors', 'contract'],
  'lib/output': ['lib/errors', 'contract'],
  'lib/metrics': ['lib/errors', 'contract'],
  'lib/api': ['lib/http', 'lib/errors', 'contract'],
  'lib/auth': ['lib/api', 'lib/http', 'lib/config', 'lib/state', 'lib/errors', 'contract'],
  'lib/realtime': ['lib/api', 'lib/http', 'lib/state', 'lib/errors', 'contract'],
  'lib/delivery': ['lib/realtime', 'lib/api', 'lib/http', 'lib/state', 'lib/errors', 'contract'],
  'lib/bot': ['lib/realtime', 'lib/config', 'lib/errors', 'contract'],
  'lib/cluster': ['lib/state', 'lib/errors'],
  'lib/relay': ['lib/delivery', 'lib/realtime', 'lib/state', 'lib/errors', 'contract'],
  'lib/export': ['lib/api', 'lib/state', 'lib/errors', 'contract', 'page'],
  'lib/cli': [
    'lib/bot',
    'lib/cluster',
    'lib/relay',
    'lib/export',
    'lib/delivery',
    'lib/auth',
    'lib/realtime',
    'lib/api',
    'lib/http',
    'lib/config',
    'lib/state',
    'lib/output',
    'lib/metrics',
    'lib/errors',
    'contract',
  ],
  sandbox: ['lib/errors', 'contract'],
  commands: ['lib/cli', 'lib/output', 'lib/errors', 'contract', 'sandbox'],
  main: ['commands', 'lib/cli', 'lib/config', 'lib/output', 'lib/errors'],
}

/** What only one place of the client may know. The sandbox is a server and has its own. */
const SOLE_USERS = {
  axios: /^lib\/http\/transport\.ts$/,
  'form-data': /^lib\/http\/multipart\.ts$/,
  libsql: /^lib\/state\/sqlite\.ts$/,
  redis: /^lib\/state\/redis\/(connect|line|blocking-line)\.ts$/,
  'rate-limiter-flexible': /^lib\/state\/budget\/redis-line\.ts$/,
  'prom-client': /^lib\/metrics\/(registry|process-metrics)\.ts$/,
  ws: /^lib\/realtime\/connection\/connection\.ts$/,
  yaml: /^lib\/bot\/yaml-reader\.ts$/,
  '@napi-rs/keyring': /^lib\/auth\/stores\/keychain\.ts$/,
}
/** These are had through `state/redis/index.ts` alone, which is a bundle: else all of it would be in the main file, too. */
const BUNDLED = /^lib\/state\/(redis\/(client|line|blocking-line|connect)|budget\/redis-line)\.ts$/
const SOLE_PHRASES = {
  'process.env': /^lib\/config\/environment\.ts$/,
  'console.': /^$/,
}

const files = readdirSync(join(root, 'src'), {recursive: true})
  .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  .map(file => file.split(sep).join('/'))

const layerOf = file =>
  Object.keys(LAYERS).find(layer => file.startsWith(`${layer}/`)) ?? (file.includes('/') ? undefined : 'main')

function importsOf(file) {
  const source = readFileSync(join(root, 'src', file), 'utf8')
  return [...source.matchAll(/(?:from\s+|import\(\s*|import\s+)'([^']+)'/g)].map(match => match[1])
}

/** Those that are not for types alone. */
function valueImportsOf(file) {
  const source = readFileSync(join(root, 'src', file), 'utf8')
  const matches = source.matchAll(/(?:^(?:import|export) (?!type\b)[^'"]*?from |import\(\s*)'([^']+)'/gm)
  return [...matches].map(match => match[1])
}

function target(file, specifier) {
  const path = normalize(join(dirname(file), specifier))
    .split(sep)
    .join('/')
  return path.replace(/\.js$/, '.ts')
}

function faultsOf(file) {
  const layer = layerOf(file)
  if (layer === undefined) return [`${file}: in no layer`]
  const source = readFileSync(join(root, 'src', file), 'utf8')
  const imports = importsOf(file)
  const wrongWay = imports
    .filter(specifier => specifier.startsWith('.'))
    .map(specifier => layerOf(target(file, specifier)))
    .filter(other => other !== layer && !LAYERS[layer].includes(other))
    .map(other => `${file}: ${layer} must not import ${other}`)
  if (layer === 'sandbox') return wrongWay
  const unbundled = valueImportsOf(file)
    .filter(name => layer !== 'lib/state' && BUNDLED.test(target(file, name)))
    .map(name => `${file}: ${name} is loaded through state/redis/index.js`)
  const outsiders = imports.filter(name => SOLE_USERS[name] && !SOLE_USERS[name].test(file))
  const phrases = Object.keys(SOLE_PHRASES).filter(
    phrase => source.includes(phrase) && !SOLE_PHRASES[phrase].test(file),
  )
  return [
    ...wrongWay,
    ...unbundled,
    ...[...outsiders, ...phrases].map(name => `${file}: ${name} is not known here`),
  ]
}

/** A file that reaches itself. */
function cycles() {
  const graph = new Map(
    files.map(file => [
      file,
      importsOf(file)
        .filter(name => name.startsWith('.'))
        .map(name => target(file, name)),
    ]),
  )
  const state = new Map()
  const found = []
  const visit = (file, path) => {
    if (state.get(file) === 'done' || !graph.has(file)) return
    if (state.get(file) === 'open') {
      found.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(' → ')}`)
      return
    }
    state.set(file, 'open')
    for (const next of graph.get(file)) visit(next, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files) visit(file, [])
  return found
}

const faults = [...files.flatMap(faultsOf), ...cycles()]
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exit(1)
console.log(`imports: ${files.length} files, every direction as docs/architecture.md has it`)
