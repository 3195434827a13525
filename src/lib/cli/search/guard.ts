import {createContext, Script} from 'node:vm'

const TIMED_OUT = 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * Runs `action`, and stops it after `timeoutMs` even in the middle of a regular expression: one of a person meets text of
 * others, and some pairs of these take for ever, during which no signal would be heard. Resolves to what `action` gives,
 * `timedOut` where it was stopped. Throws what `action` throws.
 */
export type Guard = <T>(action: () => T, timedOut: T) => T

/** Makes a guard. V8 can stop what runs inside a script of its own only; the script calls `action` out here. */
export function createGuard(timeoutMs: number): Guard {
  const script = new Script('run()')
  const box: {run: () => void} = {run: () => undefined}
  const context = createContext(box)
  return (action, timedOut) => {
    let result = timedOut
    box.run = () => {
      result = action()
    }
    try {
      script.runInContext(context, {timeout: timeoutMs})
    } catch (error) {
      if (Object(error).code !== TIMED_OUT) throw error
      return timedOut
    }
    return result
  }
}

/** For what cannot take for ever. */
export const unguarded: Guard = action => action()
