import {VezaError} from '../../errors/veza-error.js'
import type {Existing} from './target.js'

/** Where files go to. */
export interface Place {
  /** The path of the one file; default: its own name in `folder`. */
  readonly output: string | undefined
  readonly folder: string
  readonly existing: Existing
}

/** The flags that say where. */
interface PlaceFlags {
  readonly output?: string | undefined
  readonly dir?: string | undefined
  readonly force?: boolean | undefined
  readonly 'skip-existing'?: boolean | undefined
  readonly sha256?: string | undefined
}

/**
 * Reads where `count` files go to. `-` as the output is stdout.
 * @throws {VezaError} `usage` for flags that exclude each other, and those for one file where there are several.
 */
export function placeOf(flags: PlaceFlags, count: number): Place {
  const {output, dir, force = false} = flags
  const skips = flags['skip-existing'] === true
  if (output === '') throw new VezaError('usage', '--output is empty')
  if (dir === '') throw new VezaError('usage', '--dir is empty')
  if (count > 1 && output !== undefined)
    throw new VezaError('usage', '--output goes with a single file', {
      hint: 'name a folder for them with --dir',
    })
  if (count > 1 && flags.sha256 !== undefined)
    throw new VezaError('usage', '--sha256 goes with a single file')
  if (output !== undefined && dir !== undefined)
    throw new VezaError('usage', '--output and --dir exclude each other')
  if (force && skips) throw new VezaError('usage', '--force and --skip-existing exclude each other')
  return {output, folder: dir ?? '.', existing: force ? 'replace' : skips ? 'keep' : 'refuse'}
}

/**
 * Whether the file goes to stdout.
 * @throws {VezaError} `usage` where that makes no sense: at a terminal, which would obey what is in the file, and with `--json`.
 */
export function isToStdout(output: string | undefined, isTTY: boolean, json: boolean): boolean {
  if (output !== '-') return false
  if (isTTY)
    throw new VezaError('usage', 'stdout is a terminal, and a file can hold anything', {
      hint: 'pipe it into a command, or name a file with --output FILE',
    })
  if (json) throw new VezaError('usage', '--json has nowhere to go where stdout is the file')
  return true
}
