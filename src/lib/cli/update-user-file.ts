import {readJsonFile, writeJsonFile} from '../config/json-file.js'
import type {Paths} from '../config/paths.js'
import type {JsonFile} from '../config/stored-layers.js'
import {userFilePath} from '../config/user-file.js'
import {assertWritable} from '../state/atomic-file.js'
import {withLock} from '../state/lock.js'

/**
 * Changes the user file so that of two processes that change it at once neither loses what the other wrote. What
 * `change` leaves alone stays as it was, also what veza does not know.
 * @param change gives the new content, or undefined to leave the file as it is.
 * @throws {VezaError} `config` when the file cannot be read, understood or written: then nothing is; what `change` throws.
 */
export async function updateUserFile(
  paths: Paths,
  signal: AbortSignal,
  change: (file: JsonFile) => Readonly<Record<string, unknown>> | undefined,
): Promise<void> {
  const path = userFilePath(paths)
  await assertWritable(path)
  const work = async (): Promise<void> => {
    const content = change({path, content: (await readJsonFile(path)) ?? {}})
    if (content !== undefined) await writeJsonFile(path, content)
  }
  await withLock(`${path}.lock`, work, {signal})
}
