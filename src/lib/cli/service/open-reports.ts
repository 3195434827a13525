import {stat} from 'node:fs/promises'
import type {Environment} from '../../config/environment.js'
import {VezaError} from '../../errors/veza-error.js'
import {ServiceReports} from './service-reports.js'
import {systemdNotify} from './systemd-notify.js'
import {beatMs} from './watchdog.js'

/**
 * The reports to the service manager that `NOTIFY_SOCKET` names; undefined where it names none. With `WATCHDOG_USEC`
 * there is a sign of life each half of that time, unless `WATCHDOG_PID` says that it is meant for another process.
 * @param warn told once, where the service manager cannot be told.
 */
export function openReports(
  environment: Environment,
  pid: number,
  warn: (text: string) => void,
): ServiceReports | undefined {
  const socket = environment.get('NOTIFY_SOCKET')
  if (socket === undefined) return undefined
  const path = environment.get('PATH')
  return new ServiceReports({
    send: assignments => systemdNotify({socket, path}, assignments),
    // Any answer of the system will do: it goes the way through the threads that all file work goes.
    prove: () => stat('/'),
    beatMs: beatMs(environment, pid),
    setTimer: (callback, delayMs) => {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
    onProblem: error =>
      warn(`the service manager cannot be told: ${error instanceof VezaError ? error.message : error}`),
  })
}
