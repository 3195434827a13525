// Runs a command to its end and tells what it took, as the kernel counted it.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'

const SAMPLE_INTERVAL_MS = 20

/**
 * Bash takes the time, not this process: its clock stops when the command's exit is seen, whatever our event loop is busy
 * with, and it knows CPU time to the millisecond where GNU time knows hundredths. Descriptor 3 is the command's stderr, 4
 * takes the figures. With `pipe` stdout is a real pipe, since Node gives its children sockets.
 */
const TIMED = `set -o pipefail
TIMEFORMAT='%3U %3S'
timed() {
  { time { from=$EPOCHREALTIME; "$@" 2>&3 3>&- 4>&-; code=$?; to=$EPOCHREALTIME; }; } 2>&4
  echo "$from $to" >&4
  return $code
}
how=$1; shift
if [ "$how" = pipe ]; then timed "$@" | cat; else timed "$@"; fi`

/** GNU time is small enough that a child's peak memory is its own and not that of what forked it. */
const PEAK = ['/usr/bin/time', '--quiet', '--format=%M']

/**
 * Wall and CPU time (user and system) of one run. Throws when the command fails.
 * @param {readonly string[]} command
 * @param {{env: NodeJS.ProcessEnv, pipe?: boolean, sampleMemory?: boolean}} options
 * @returns with `sampleMemory` also `rssKiB`: resident memory each 20 ms
 */
export async function measure(command, {env, pipe = false, sampleMemory = false}) {
  const {child, ended} = start(['bash', '-c', TIMED, 'bash', pipe ? 'pipe' : 'socket', ...command], env)
  const sampler = sampleMemory ? sampleRss(child.pid) : undefined
  const {stdout, figures} = await ended
  sampler?.stop()
  const [user, system, from, to] = figures.trim().split(/\s+/).map(Number)
  const rss = sampler === undefined ? {} : {rssKiB: sampler.rssKiB}
  return {stdout, wallMs: (to - from) * 1000, cpuMs: (user + system) * 1000, ...rss}
}

/** The most memory a command held at once. A run of its own, since GNU time adds a fork and an exec to each. */
export async function measurePeak(command, {env}) {
  const {stdout, stderr} = await start([...PEAK, ...command], env).ended
  return {stdout, peakKiB: Number(stderr.trim().split('\n').at(-1))}
}

function start([file, ...args], env) {
  const child = spawn(file, args, {env, stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe']})
  const chunks = child.stdio.map(() => [])
  for (const [fd, stream] of child.stdio.entries()) stream?.on('data', chunk => chunks[fd].push(chunk))
  const ended = once(child, 'close').then(([code]) => {
    const [, stdout, ...texts] = chunks.map(parts => Buffer.concat(parts))
    const [stderr, commandStderr, figures] = texts.map(String)
    if (code === 0) return {stdout, stderr, figures}
    throw new Error(`${args.slice(-6).join(' ')} ended with ${code}: ${stderr}${commandStderr}`)
  })
  return {child, ended}
}

/** Resident memory of the process at the end of a chain of children. */
function sampleRss(pid) {
  const rssKiB = []
  const timer = setInterval(() => {
    const status = read(`/proc/${lastChild(pid)}/status`)
    // Between fork and exec the child still is the shell.
    const kib = /^Name:\tbash$/m.test(status) ? undefined : /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]
    if (kib !== undefined) rssKiB.push(Number(kib))
  }, SAMPLE_INTERVAL_MS)
  return {rssKiB, stop: () => clearInterval(timer)}
}

/** The first child of the first child: the other end of a pipe is started second. */
function lastChild(pid) {
  const [child] = read(`/proc/${pid}/task/${pid}/children`).split(' ')
  return child === '' ? pid : lastChild(child)
}

function read(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has just ended.
    return ''
  }
}
