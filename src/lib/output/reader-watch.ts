import fs from 'node:fs'
import net from 'node:net'

/** How often a socket's reader is looked for. A pipe needs no looking: the kernel reports. */
const SOCKET_INTERVAL_MS = 1000

/** The part of Node's own handle that is needed to poll a descriptor. */
interface PollHandle {
  open(fd: number): number
  readStart(): number
}

/**
 * Watches for the reader of a pipe or socket to go away, without writing to it, and calls `onGone` once. Keeps no
 * process alive. Does nothing for files and terminals, nor where the system has no way: pipes need Linux's /proc.
 * @returns a function that stops watching
 */
export function watchReader(fd: number, onGone: () => void): () => void {
  const stat = fs.fstatSync(fd)
  if (stat.isFIFO()) return watchPipe(fd, onGone)
  return stat.isSocket() ? watchSocket(fd, onGone) : ignore
}

/**
 * Node offers no way to poll the writing end of a pipe: it cannot be read, and an empty write succeeds without a
 * reader. A TCP handle however polls any descriptor for reading, and the kernel wakes that poll with an error when the
 * last reader leaves. It gets a descriptor of its own, since one loop polls each descriptor once. All of it fails
 * softly: then the next write tells.
 */
function watchPipe(fd: number, onGone: () => void): () => void {
  const pipe = reopen(fd)
  if (pipe === undefined) return ignore
  // A lookup that never answers leaves the socket with a handle that is not connected to anything.
  const probe = net.connect({host: 'unused.invalid', port: 1, lookup: ignore})
  const handle: unknown = Reflect.get(probe, '_handle')
  if (!isPollHandle(handle) || handle.open(pipe) !== 0) {
    fs.closeSync(pipe)
    probe.destroy()
    return ignore
  }
  probe.once('error', onGone)
  probe.unref()
  handle.readStart()
  return () => {
    probe.off('error', onGone).destroy()
  }
}

/** An empty write to a socket fails once its other end is closed. */
function watchSocket(fd: number, onGone: () => void): () => void {
  const timer = setInterval(() => {
    try {
      fs.writeSync(fd, '')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) return
      clearInterval(timer)
      onGone()
    }
  }, SOCKET_INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function reopen(fd: number): number | undefined {
  try {
    return fs.openSync(`/proc/self/fd/${fd}`, fs.constants.O_WRONLY | fs.constants.O_NONBLOCK)
  } catch {
    return undefined
  }
}

function isPollHandle(handle: unknown): handle is PollHandle {
  if (typeof handle !== 'object' || handle === null) return false
  return ['open', 'readStart'].every(name => typeof Reflect.get(handle, name) === 'function')
}

function ignore(): void {}
