#!/usr/bin/env node
// Starts veza. Kept small: every command waits for this file. The bundle is compiled once for each Node version and
// then taken from V8's code cache, which halves the start-up (docs/performance.md).

const {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const {join} = require('node:path')

const argv = process.argv.slice(2)
const {name, version, engines} = require('../package.json')

if (argv[0] === '--version' || argv[0] === 'version') {
  process.stdout.write(`${name}/${version} ${process.platform}-${process.arch} node-${process.version}\n`)
} else if (isTooOld()) {
  process.stderr.write(`error: veza needs Node ${engines.node}, this is ${process.version}\n`)
  process.exitCode = 2
} else if (argv[0] === '__complete') {
  // For the script of a shell (veza completion): a key press waits for it, so it does without all that follows.
  require('../dist/complete.cjs').complete(argv.slice(1))
} else {
  start()
}

function isTooOld() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major < 20 || (major === 20 && minor < 17)
}

function start() {
  const dist = join(__dirname, '..', 'dist')
  const file = join(dist, 'veza.cjs')
  const cacheFile = cachePath(readFileSync(join(dist, 'veza.hash'), 'latin1'))
  const {script, isCached} = compile(file, cacheFile)
  const bundle = {exports: {}}
  script.runInThisContext()(bundle.exports, require('node:module').createRequire(file), bundle, file, dist)
  process.on('uncaughtException', fail)
  // Should the event loop run dry before the command has ended, that is no success.
  process.exitCode = 70
  bundle.exports.main(argv, version).then(code => {
    if (cacheFile !== undefined && !isCached) store(cacheFile, script)
    process.exit(code)
  }, fail)
}

/** What no command has caught: one line, as for every other error, instead of a stack over the bundle's source. */
function fail(error) {
  const hint = 'please report it with the command you ran and the output of --debug'
  const message = `a defect of veza itself: ${String(error?.message ?? error).replace(/[^\x20-\x7e]+/g, ' ')}`
  const fields = {code: 'bug', message, hint, exit_code: 70, retryable: false}
  const stack = argv.includes('--debug') ? error?.stack : undefined
  if (logsJson()) {
    const line = {
      time: new Date().toISOString(),
      level: 'error',
      event: 'error',
      message,
      error: fields,
      stack,
    }
    process.stderr.write(`${JSON.stringify(line)}\n`)
  } else {
    const json = JSON.stringify({error: fields})
    process.stderr.write(argv.includes('--json') ? `${json}\n` : `error: ${message}\nhint: ${hint}\n`)
    if (stack !== undefined) process.stderr.write(`${stack}\n`)
  }
  process.exit(70)
}

/** Whoever reads the log as JSON reads its last line so, too. */
function logsJson() {
  const words = argv.join(' ')
  if (/--log-format[= ]\w/.test(words)) return /--log-format[= ]json/.test(words)
  return process.env.VEZA_LOG_FORMAT === 'json'
}

function compile(file, cacheFile) {
  const {Script} = require('node:vm')
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const cachedData = cacheFile === undefined ? undefined : readOwn(cacheFile)
  const script = new Script(source, {filename: file, cachedData})
  return {script, isCached: cachedData !== undefined && !script.cachedDataRejected}
}

/** The cache holds code: it is taken only from a file that nobody but this user (or root) could have written. */
function readOwn(path) {
  try {
    const {uid, mode} = statSync(path)
    const isOwn = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    return isOwn ? readFileSync(path) : undefined
  } catch {
    return undefined
  }
}

/** Written whole to another name and renamed, so that fifty starts at once never read a part. No folder, no cache. */
function store(path, script) {
  try {
    const folder = join(path, '..')
    mkdirSync(folder, {recursive: true, mode: 0o700})
    chmodSync(folder, 0o700)
    const temporary = `${path}.${process.pid}`
    writeFileSync(temporary, script.createCachedData(), {mode: 0o600})
    renameSync(temporary, path)
    // Of an older build nothing is needed any more.
    for (const file of readdirSync(folder))
      if (/\.v8(\.\d+)?$/.test(file) && !path.includes(file.slice(0, 16))) rmSync(join(folder, file))
  } catch {
    // A read-only or missing home only costs time.
  }
}

function cachePath(hash) {
  const folder = cacheFolder()
  return folder && join(folder, 'veza', `${hash}-${process.version}-${process.arch}.v8`)
}

function cacheFolder() {
  const {env, platform} = process
  if (platform === 'win32') return env.LOCALAPPDATA
  if (env.XDG_CACHE_HOME?.startsWith('/')) return env.XDG_CACHE_HOME
  if (!env.HOME) return undefined
  return platform === 'darwin' ? join(env.HOME, 'Library', 'Caches') : join(env.HOME, '.cache')
}
