import {constants} from 'node:os'

/** What a process is told by others, but not what stops and continues it. */
const FORWARDED: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGHUP']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2']

/** The keys of a terminal send these to all of the group, the command too. */
const FROM_KEYS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']

/** Of `process`, what signals need. */
export type SignalSource = Pick<NodeJS.Process, 'on' | 'off' | 'kill' | 'pid' | 'removeAllListeners'>

/**
 * Hands on each signal that this process gets, instead of ending by it.
 * @param atTerminal whether Ctrl-C reaches the command without us.
 * @returns a function that gives the signals back.
 */
export function forwardSignals(
  source: SignalSource,
  forward: (signal: NodeJS.Signals) => void,
  atTerminal: boolean,
): () => void {
  const listener = (signal: NodeJS.Signals): void => {
    if (!atTerminal || !FROM_KEYS.includes(signal)) forward(signal)
  }
  for (const signal of FORWARDED) source.on(signal, listener)
  return () => {
    for (const signal of FORWARDED) source.off(signal, listener)
  }
}

/** Resolves at the first signal that asks to end, from now on. */
export function nextEndSignal(source: SignalSource): Promise<void> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) source.on(signal, () => resolve())
  })
}

/**
 * Ends this process by a signal, so that who waits for it sees the same as of the command. Returns only where that
 * does not work, the exit code that a shell gives for it.
 */
export function dieBy(source: SignalSource, signal: NodeJS.Signals): number {
  try {
    // Node ignores some signals; to listen and stop gives each its own meaning back.
    source.on(signal, () => undefined)
    source.removeAllListeners(signal)
  } catch {
    // Nobody can listen to SIGKILL.
  }
  source.kill(source.pid, signal)
  return 128 + constants.signals[signal]
}
