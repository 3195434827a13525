// A program that runs on and on, and what it has taken so far.
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFileSync} from 'node:fs'

/** The kernel's unit of CPU time, on every Linux that Node runs on. */
const TICK_MS = 10

/** User and system time of a process and all its threads so far, in milliseconds. */
export function cpuMsOf(pid) {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ')
  return (Number(afterName[11]) + Number(afterName[12])) * TICK_MS
}

/** The most resident memory a process has had so far. */
export const peakKiBOf = pid =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1])

/** Starts a program that says `ready: ` on stderr; resolves when it has. */
export async function startService([file, ...args], env) {
  const startedMs = performance.now()
  const child = spawn(file, args, {env, stdio: ['ignore', 'ignore', 'pipe']})
  let stderr = ''
  await new Promise((resolve, reject) => {
    child.stderr.on('data', chunk => {
      stderr += chunk
      if (/^ready: /m.test(stderr)) resolve()
    })
    child.once('close', code =>
      reject(new Error(`${args.slice(-6).join(' ')} ended with ${code}: ${stderr}`)),
    )
  })
  return {
    pid: child.pid,
    readyMs: performance.now() - startedMs,
    readyCpuMs: cpuMsOf(child.pid),
    async stop() {
      const ended = once(child, 'close')
      child.kill('SIGTERM')
      await ended
    },
  }
}
