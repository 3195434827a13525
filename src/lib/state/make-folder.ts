import {mkdirSync, statSync} from 'node:fs'
import {dirname} from 'node:path'

/**
 * Makes a folder and those above it that are missing. Not by the `recursive` of Node's mkdir, which never returns where a folder
 * can be made neither here nor above, as below /proc.
 * @param mode of each folder that is made. Default 0700.
 * @throws {Error} of the file system, such as ENOTDIR where a file is in the way.
 */
export function makeFolder(path: string, mode = 0o700): void {
  const error = failureOf(path, mode)
  if (error === undefined) return
  const parent = dirname(path)
  if (!isMissing(error) || parent === path) throw error
  makeFolder(parent, mode)
  const second = failureOf(path, mode)
  if (second !== undefined) throw second
}

/** Why there is no such folder now; undefined where there is. */
function failureOf(path: string, mode: number): unknown {
  try {
    mkdirSync(path, {mode})
    return undefined
  } catch (error) {
    return statSync(path, {throwIfNoEntry: false})?.isDirectory() ? undefined : error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
