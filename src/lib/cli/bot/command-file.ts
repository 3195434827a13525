import {basename, dirname, resolve} from 'node:path'
import type {OwnCommands} from '../../bot/own-command.js'
import {VezaError} from '../../errors/veza-error.js'
import {counted} from '../ending.js'
import {readUtf8File} from '../message-body.js'
import {absentFiles} from './absent-files.js'

/** Who is told what came of reading the file again. */
export interface Listener {
  notice(text: string): void
  warn(text: string): void
}

/** The commands of one's own: those of a file as it was when it was read last without a mistake, or none. */
export class CommandFile {
  readonly #path: string | undefined
  readonly #signal: AbortSignal
  #commands: OwnCommands = new Map()
  #generation = 0

  private constructor(path: string | undefined, signal: AbortSignal) {
    this.#path = path
    this.#signal = signal
  }

  /**
   * Warns of programs and modules that are not there.
   * @throws {VezaError} `config` with the line of a mistake; `file_unreadable`; `usage` for what is no UTF-8.
   */
  static async open(
    path: string | undefined,
    signal: AbortSignal,
    listener: Pick<Listener, 'warn'>,
  ): Promise<CommandFile> {
    const file = new CommandFile(path, signal)
    await file.#read()
    await file.#warnOfAbsent(listener)
    return file
  }

  get commands(): OwnCommands {
    return this.#commands
  }

  /** How often it was read: modules are imported anew after each time. */
  get generation(): number {
    return this.#generation
  }

  /** Reads it again; with a mistake in it all stays as it was. Never rejects. */
  async reload(listener: Listener): Promise<void> {
    if (this.#path === undefined) return listener.notice('there is no --commands file to read again')
    try {
      await this.#read()
      listener.notice(`read ${this.#path} again: ${counted(this.#commands.size, 'command')}`)
      await this.#warnOfAbsent(listener)
    } catch (error) {
      const problem = error instanceof VezaError ? error.message : `${this.#path} cannot be read`
      listener.warn(`${problem}; the commands stay as they were`)
    }
  }

  async #warnOfAbsent(listener: Pick<Listener, 'warn'>): Promise<void> {
    for (const text of await absentFiles(this.#commands.values())) listener.warn(text)
  }

  async #read(): Promise<void> {
    if (this.#path === undefined) return
    const {parseBotFile} = await import('../../bot/bot-file.js')
    const path = resolve(this.#path)
    const text = await readUtf8File(path, this.#signal).catch((error: unknown) => tooLong(error, path))
    this.#commands = parseBotFile(text, {name: basename(path), folder: dirname(path)})
    this.#generation += 1
  }
}

/** What is too much for a message is too much here, but no refusal of a server. */
function tooLong(error: unknown, path: string): never {
  if (!(error instanceof VezaError) || error.code !== 'refused') throw error
  throw new VezaError('config', `${path} holds more than 1 MiB`, {cause: error})
}

/** Reads the file again at each SIGHUP. Returns what ends that. */
export function reloadOnHangup(
  source: Pick<NodeJS.Process, 'on' | 'off'>,
  file: CommandFile,
  listener: Listener,
): () => void {
  const reload = (): void => void file.reload(listener)
  source.on('SIGHUP', reload)
  return () => void source.off('SIGHUP', reload)
}
