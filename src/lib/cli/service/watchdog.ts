import type {Environment} from '../../config/environment.js'

/**
 * Milliseconds between two signs of life to a service manager: half of the time (`WATCHDOG_USEC`) after which it takes silence
 * for a hang, as sd_watchdog_enabled(3) advises. Undefined where it waits for none, or for those of another process
 * (`WATCHDOG_PID`).
 */
export function beatMs(environment: Environment, pid: number): number | undefined {
  const owner = environment.get('WATCHDOG_PID')
  if (owner !== undefined && owner !== String(pid)) return undefined
  const text = environment.get('WATCHDOG_USEC') ?? ''
  const limitUs = /^\d+$/.test(text) ? Number(text) : 0
  return limitUs === 0 ? undefined : limitUs / 2000
}
