import {spawn} from 'node:child_process'
import {VezaError} from '../../errors/veza-error.js'

const PROGRAM = 'systemd-notify'
/** It waits until the service manager has read the message, five seconds at most. */
const LIMIT_MS = 10_000

/**
 * Tells the service manager behind `socket` through the program systemd-notify, which is wherever systemd is: Node has no
 * datagram sockets of the Unix domain (docs/dependencies.md). As the message comes from a child, a unit needs
 * `NotifyAccess=all`.
 * @param path the search path for programs.
 * @param assignments in the words of sd_notify(3).
 * @throws {VezaError} `failed` where there is no such program or it fails.
 */
export function systemdNotify(
  {socket, path}: {readonly socket: string; readonly path: string | undefined},
  assignments: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, [...assignments], {
      env: {NOTIFY_SOCKET: socket, PATH: path},
      stdio: 'ignore',
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    })
    child.once('error', cause => reject(new VezaError('failed', whyMissing(cause), {cause})))
    child.once('exit', (code, signal) => {
      if (code === 0) resolve()
      else reject(new VezaError('failed', `${PROGRAM} ended with ${signal ?? code}`))
    })
  })
}

function whyMissing(cause: Error): string {
  const code = 'code' in cause ? String(cause.code) : 'unknown reason'
  return code === 'ENOENT' ? `there is no ${PROGRAM}` : `${PROGRAM} cannot be started (${code})`
}
