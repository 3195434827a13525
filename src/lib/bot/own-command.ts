import type {Cap} from './caps.js'
import type {Allow} from './permissions.js'

/** What a command of one's own does: it answers with a template, with what a program prints, or with what a module returns. */
export type Action =
  | {readonly type: 'reply'; readonly template: string}
  | {
      readonly type: 'run'
      readonly words: readonly string[]
      /** Where it runs: the folder of the command file. */
      readonly folder: string
      readonly timeoutMs: number
    }
  | {readonly type: 'module'; readonly path: string; readonly timeoutMs: number}

/** A command of one's own. */
export interface OwnCommand {
  /** In lower case. */
  readonly name: string
  /** For `help`. */
  readonly summary?: string | undefined
  /** Absent: everybody. */
  readonly allow?: Allow | undefined
  /** How often each user may use it. */
  readonly rate?: Cap | undefined
  readonly action: Action
}

/** The commands of a file, by their names. */
export type OwnCommands = ReadonlyMap<string, OwnCommand>
