import {execFileSync} from 'node:child_process'
import {closeSync, constants, mkdtempSync, openSync, rmSync} from 'node:fs'
import {Socket} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable} from 'node:stream'

/** Where a process writes to, and where that can be read. */
export interface Pipe {
  readonly source: Readable
  /** Given to the process. */
  readonly fd: number
}

/**
 * Two pipes, for the stdout and stderr of a process. What Node itself makes are sockets, and nothing can open those by
 * name: `echo oops > /dev/stderr` in a script would fail. Undefined where there is no `mkfifo`: then sockets must do.
 */
export function openPipes(): readonly [Pipe, Pipe] | undefined {
  if (process.platform === 'win32') return undefined
  let folder: string | undefined
  try {
    folder = mkdtempSync(join(tmpdir(), 'veza-run-'))
    const paths = [join(folder, 'stdout'), join(folder, 'stderr')] as const
    execFileSync('mkfifo', ['-m', '600', ...paths], {stdio: 'ignore'})
    return [openPipe(paths[0]), openPipe(paths[1])]
  } catch {
    return undefined
  } finally {
    if (folder !== undefined) rmSync(folder, {recursive: true, force: true})
  }
}

/** Closes our copies of the ends that the process writes to: else it would never end for us. */
export function handOver(pipes: readonly Pipe[]): void {
  for (const {fd} of pipes) closeSync(fd)
}

/** The reader first: a writer waits for one. */
function openPipe(path: string): Pipe {
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const fd = openSync(path, constants.O_WRONLY)
  return {source: new Socket({fd: reader, readable: true, writable: false}), fd}
}
