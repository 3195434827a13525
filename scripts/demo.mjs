// `npm run demo`: the main job on real bytes over real sockets, from a bare clone, with everything taken down at the end.
import {spawn} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {ensureBuilt} from './lib/ensure-built.mjs'

ensureBuilt()
const bin = join(import.meta.dirname, '..', 'bin', 'run.js')
const folder = mkdtempSync(join(tmpdir(), 'veza-demo-'))
const running = new Set()

/** Starts veza as one of the users, each with a home of its own. */
function start(user, args, stdin) {
  const home = join(folder, user)
  const foreign = /^(VEZA|BOT|CHAT)_/
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  const env = {...inherited, VEZA_CONFIG_DIR: join(home, 'config'), VEZA_STATE_DIR: join(home, 'state')}
  const child = spawn(process.execPath, [bin, ...args], {env, stdio: ['pipe', 'pipe', 'pipe']})
  child.stdin.end(stdin ?? '')
  running.add(child)
  const ended = new Promise(resolve => child.on('close', code => resolve(code))).finally(() =>
    running.delete(child),
  )
  return {child, ended}
}

/** Shows a command as it would be typed, runs it, shows what it prints, and returns that. */
async function show(user, args, {stdin, shown = args} = {}) {
  console.log(`\n${user}$ veza ${shown.map(quote).join(' ')}`)
  const {child, ended} = start(user, args, stdin)
  let output = ''
  child.stdout.on('data', chunk => {
    output += chunk
    process.stdout.write(indent(chunk))
  })
  child.stderr.on('data', chunk => process.stdout.write(indent(chunk)))
  const code = await ended
  if (code !== 0) throw new Error(`veza ${args.join(' ')} ended with ${code}`)
  return output
}

const quote = word => (/[\s#"]/.test(word) ? `"${word}"` : word)
const indent = chunk => String(chunk).replace(/^(?=.)/gm, '  ')

/** Resolves once a line on stderr matches; rejects when the command ends before. */
function line({child, ended}, pattern) {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stderr.on('data', chunk => {
      text += chunk
      const match = pattern.exec(text)
      if (match) resolve(match)
    })
    ended.then(code => reject(new Error(`a command ended with ${code} before it was ready`)))
  })
}

async function signIn(user, server) {
  const args = [
    'auth',
    'login',
    '--server',
    server,
    '--username',
    user,
    '--password-stdin',
    '--insecure-storage',
  ]
  await show(user, args, {stdin: `${user}-pass\n`})
}

async function demo() {
  console.log('A sandbox server, in a process of its own:\n\n$ veza sandbox --port 0')
  const sandbox = start('admin', ['sandbox', '--port', '0'])
  sandbox.child.stderr.on('data', chunk => process.stdout.write(indent(chunk)))
  const [, server] = await line(sandbox, /^ready: (\S+)$/m)

  await signIn('alice', server)
  await signIn('bob', server)
  await show('alice', ['rooms', 'create', 'deploys', '--description', 'What went out'])
  await show('alice', ['rooms', 'list'])

  console.log(
    '\nBob follows the room live, in a process of his own; his lines begin with |\nbob$ veza messages tail "#deploys"',
  )
  const tail = start('bob', ['messages', 'tail', '#deploys', '--count', '2'])
  tail.child.stdout.on('data', chunk => process.stdout.write(String(chunk).replace(/^(?=.)/gm, '  | ')))
  tail.child.stderr.on('data', chunk => process.stdout.write(String(chunk).replace(/^(?=.)/gm, '  | ')))
  await line(tail, /^ready: /m)

  const sent = JSON.parse(
    await show('alice', ['messages', 'send', '#deploys', 'Version 1.4.2 is out 🚀', '--json']),
  )
  await show('alice', [
    'messages',
    'send',
    '#deploys',
    'Rolled out everywhere',
    '--reply-to',
    String(sent.id),
  ])
  if ((await tail.ended) !== 0) throw new Error('the tail did not end with 0')

  const report = join(folder, 'report.txt')
  writeFileSync(report, 'All checks are green.\n')
  await show('alice', ['files', 'upload', report, '--room', '#deploys'], {
    shown: ['files', 'upload', 'report.txt', '--room', '#deploys'],
  })
  await show('bob', ['dm', 'send', 'alice', 'Well done!'])
  await show('bob', ['messages', 'list', '#deploys'])
  await show('alice', ['auth', 'logout'])
  await show('bob', ['auth', 'logout'])
  sandbox.child.kill('SIGTERM')
  await sandbox.ended
}

let code = 0
try {
  await demo()
  console.log('\nThat was all: the sandbox is stopped, and nothing of it is left.')
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`)
  code = 1
} finally {
  for (const child of running) child.kill('SIGKILL')
  rmSync(folder, {recursive: true, force: true})
}
process.exit(code)
