import {spawn} from 'node:child_process'

/** A signal that ends processes: politely, or at once. */
export type EndSignal = 'SIGTERM' | 'SIGKILL'

/** A process that leads a group of its own, and all it has started. */
export class ProcessGroup {
  readonly #leader: number

  /** @param leader the pid of a process that was started detached. */
  constructor(leader: number) {
    this.#leader = leader
  }

  /** Whether any process of it is left. Never so on Windows, which has no groups. */
  get isAlive(): boolean {
    return process.platform !== 'win32' && this.#kill(0)
  }

  /** Sends a signal to each process of it. On Windows all end at once, whatever the signal. */
  signal(name: EndSignal): void {
    if (process.platform !== 'win32') this.#kill(name)
    else
      spawn('taskkill', ['/pid', `${this.#leader}`, '/t', '/f'], {stdio: 'ignore'}).on(
        'error',
        () => undefined,
      )
  }

  #kill(signal: EndSignal | 0): boolean {
    try {
      return process.kill(-this.#leader, signal)
    } catch (error) {
      // One that runs as somebody else now is alive, but not ours to end.
      return error instanceof Error && 'code' in error && error.code === 'EPERM'
    }
  }
}
