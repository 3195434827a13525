import {VezaError} from '../errors/veza-error.js'
import {assertWritable, removeLeftovers, writeFileAtomically} from './atomic-file.js'
import {acquireLock} from './lock.js'
import {readOwnFile, targetOf} from './own-file.js'

/** What a kill repeats is at most so old, and as old as a write takes: 200 ms in all on a disk that is not slow. */
const EVERY_MS = 100

/** What a state file is made of. */
export interface StateFileOptions<State> {
  /** Made where it is missing, with its folder. A link is followed and stays. */
  readonly path: string
  /** How errors speak of it, such as `the cursor ci.cursor`. */
  readonly name: string
  /** The state by the file's text; undefined where there is no file yet. What it throws, `openStateFile` throws. */
  readonly read: (text: string | undefined) => State
  /** The text of the state as it is now. */
  readonly render: (state: State) => string
  /** The shortest time between the beginnings of two writes. Default 100 ms. */
  readonly everyMs?: number
  /** Told once, as soon as a write has failed: what happens from now on is not kept. `close` tells of it, too. */
  readonly onError: (error: VezaError) => void
  /** Milliseconds of a clock that never goes backwards. */
  readonly now?: () => number
  /** Calls once after `delayMs`; what it returns cancels the call. */
  readonly setTimer?: (callback: () => void, delayMs: number) => () => void
}

/** State in memory that is kept in a file which no other process uses. */
export interface StateFile<State> {
  readonly state: State
  /** The state has changed. Cheap: the file is written at once, or when 100 ms have passed since the last write began. */
  changed(): void
  /** Resolves when the file has all changes so far; writes them at once. @throws {VezaError} `failed` when it cannot. */
  saved(): Promise<void>
  /** Writes what the file does not have yet and lets others use it. @throws {VezaError} as `saved`. */
  close(): Promise<void>
}

/**
 * Opens a file that holds a state and keeps it up to date, each time as `writeFileAtomically` does. As long as it is open
 * no other process on this machine can open it: the lock is a file beside it, `PATH.lock`, that stays, and while it is
 * held, or after a kill, its journal `PATH.lock-journal`. What a kill amid a write has left is removed. (Beside it,
 * since processes with other state folders, in containers or of other users, may share the file. Two machines that share
 * it over a network are not kept apart.)
 * @throws {VezaError} `conflict` when another process has it open, `config` when its folder cannot be written,
 * `file_unreadable` when it is a folder, a device, or may not be read and written; what `read` throws.
 */
export async function openStateFile<State>(options: StateFileOptions<State>): Promise<StateFile<State>> {
  const {name, read} = options
  const path = await targetOf(options.path, name)
  // A folder or a device gets no lock beside it.
  await readOwnFile(path, name)
  const release = await lockedFor(path, name)
  try {
    await removeLeftovers(path)
    const state = read(await readOwnFile(path, name))
    await assertWritable(path).catch((error: unknown) => refuse('config', name, error))
    return new KeptState(state, path, release, options)
  } catch (error) {
    release()
    throw error
  }
}

async function lockedFor(path: string, name: string): Promise<() => void> {
  try {
    return await acquireLock(`${path}.lock`, {timeoutMs: 0})
  } catch (cause) {
    if (!(cause instanceof VezaError) || cause.code !== 'unreachable') return refuse('config', name, cause)
    throw new VezaError('conflict', `another veza uses ${name}`, {
      hint: 'give each its own, or end the other one first',
      cause,
    })
  }
}

class KeptState<State> implements StateFile<State> {
  readonly #path: string
  readonly #release: () => void
  readonly #options: StateFileOptions<State>
  readonly #now: () => number
  /** How often it was changed, and which of these times the file has. */
  #version = 0
  #saved = 0
  #nextMs = Number.NEGATIVE_INFINITY
  #cancelTimer: (() => void) | undefined
  #writing: Promise<void> | undefined
  #failed = false
  #closing: Promise<void> | undefined

  constructor(
    readonly state: State,
    path: string,
    release: () => void,
    options: StateFileOptions<State>,
  ) {
    this.#path = path
    this.#release = release
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  changed(): void {
    this.#version += 1
    if (this.#cancelTimer === undefined && this.#writing === undefined) this.#schedule()
  }

  async saved(): Promise<void> {
    const wanted = this.#version
    while (this.#saved < wanted) await (this.#writing ?? this.#write())
  }

  close(): Promise<void> {
    this.#closing ??= this.saved().finally(() => {
      this.#stopTimer()
      this.#release()
    })
    return this.#closing
  }

  #schedule(): void {
    if (this.#failed || this.#closing !== undefined || this.#saved === this.#version) return
    const {setTimer = startTimer} = this.#options
    const delayMs = this.#nextMs - this.#now()
    // Told by `onError`.
    const write = (): void => void this.#write().catch(() => undefined)
    if (delayMs > 0) this.#cancelTimer = setTimer(write, delayMs)
    else write()
  }

  #write(): Promise<void> {
    this.#stopTimer()
    this.#nextMs = this.#now() + (this.#options.everyMs ?? EVERY_MS)
    this.#writing = this.#writeOnce().finally(() => {
      this.#writing = undefined
      this.#schedule()
    })
    return this.#writing
  }

  async #writeOnce(): Promise<void> {
    const version = this.#version
    const {name, onError, render} = this.#options
    try {
      await writeFileAtomically(this.#path, render(this.state))
      this.#saved = version
    } catch (cause) {
      const error = refusal('failed', name, cause)
      if (!this.#failed) onError(error)
      this.#failed = true
      throw error
    }
  }

  #stopTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}

function startTimer(callback: () => void, delayMs: number): () => void {
  const timer = setTimeout(callback, delayMs)
  return () => clearTimeout(timer)
}

function refuse(code: 'config' | 'failed', name: string, cause: unknown): never {
  throw refusal(code, name, cause)
}

/** A fault of the folder or the disk, told of the file by the name that the user gave it. */
function refusal(code: 'config' | 'failed', name: string, cause: unknown): VezaError {
  const {cause: reason} = cause instanceof VezaError ? cause : {cause}
  const errno = reason instanceof Error && 'code' in reason ? ` (${String(reason.code)})` : ''
  return new VezaError(code, `cannot write ${name}${errno}`, {
    hint: 'it needs a folder that you may write to, and room on the disk',
    cause,
  })
}
