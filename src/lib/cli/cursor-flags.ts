import {join} from 'node:path'
import {custom} from '@oclif/core/flags'
import {filePath, profileName} from '../config/kinds.js'
import {VezaError} from '../errors/veza-error.js'
import {Cursor} from '../realtime/cursor/cursor.js'
import {openStateFile} from '../state/state-file.js'
import type {Context} from './context.js'
import {cursorOwner, type OwnerContext} from './cursor-owner.js'
import {reader} from './flags.js'

const CURSOR = {helpGroup: 'CURSOR'}

/** Where a tail remembers how far it has come. */
export const cursorFlags = {
  cursor: custom<string>({
    ...CURSOR,
    summary: 'Keep how far this has come in this file, and go on from there the next time',
    helpValue: 'FILE',
    parse: reader(filePath.parse, '--cursor'),
  })(),
  resume: custom<string>({
    ...CURSOR,
    summary: 'As --cursor, with a file of this name in the state folder',
    helpValue: 'NAME',
    parse: reader(profileName.parse, '--resume'),
  })(),
}

/** What `cursorFlags` parse to. */
export interface CursorFlags {
  readonly cursor?: string | undefined
  readonly resume?: string | undefined
}

/** A cursor in its file, which no other process can open meanwhile. */
export interface OpenCursor {
  readonly cursor: Cursor
  /** How the user named it, to be told how to go on: `--cursor ci.cursor`, `--resume nightly`. */
  readonly label: string
  /** The path of the file. */
  readonly path: string
  /** The cursor has changed: it is written at once, or 100 ms after the last write began. */
  changed(): void
  /** Resolves when the file has what the cursor knows now. @throws {VezaError} `failed` when it cannot be written. */
  saved(): Promise<void>
  /** Writes the last state and lets others use the file. @throws {VezaError} as `saved`. */
  close(): Promise<void>
}

/**
 * Opens the cursor that the flags name; undefined where they name none.
 * @param onFailure told once when the file cannot be written any more: the promise is broken, so the tail must end.
 * @throws {VezaError} `usage` when both flags are given or the cursor belongs to another server or account, and as
 * `openStateFile` and `Cursor.parse`.
 */
export async function openCursor(
  context: OwnerContext & Pick<Context, 'paths'>,
  {cursor, resume}: CursorFlags,
  onFailure: (error: VezaError) => void,
): Promise<OpenCursor | undefined> {
  if (cursor !== undefined && resume !== undefined)
    throw new VezaError('usage', 'give --cursor or --resume, not both')
  const path = resume === undefined ? cursor : join(context.paths.stateDir, 'cursors', `${resume}.json`)
  if (path === undefined) return undefined
  const owner = await cursorOwner(context)
  const name = `the cursor ${resume ?? path}`
  const file = await openStateFile({
    path,
    name,
    read: text => Cursor.parse(text ?? '', name, owner),
    render: state => state.render(),
    onError: onFailure,
  })
  return {
    cursor: file.state,
    path,
    label: resume === undefined ? `--cursor ${path}` : `--resume ${resume}`,
    changed: () => file.changed(),
    saved: () => file.saved(),
    close: () => file.close(),
  }
}
