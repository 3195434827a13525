import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {Paths} from '../../config/paths.js'
import {VezaError} from '../../errors/veza-error.js'
import {assertWritable} from '../../state/atomic-file.js'
import {ok, type Verdict} from './check.js'

/**
 * Whether veza can write in its two folders. Nothing is made: of a folder that is not there the one above it decides.
 * @throws {VezaError} `config` naming the folder where it cannot.
 */
export async function checkFolders({configDir, stateDir}: Paths): Promise<Verdict> {
  const folders = [...new Set([configDir, stateDir])]
  const words: string[] = []
  for (const folder of folders) words.push(`${folder} (${await tryFolder(folder)})`)
  return ok(words.join(', '))
}

async function tryFolder(folder: string): Promise<string> {
  if (await exists(folder)) {
    await assertWritable(join(folder, 'doctor'))
    return 'writable'
  }
  let above = dirname(folder)
  while (!(await exists(above)) && above !== dirname(above)) above = dirname(above)
  try {
    // The dot makes sure that it is a folder.
    await access(`${above}/.`, constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new VezaError('config', `${folder} cannot be made: ${above} is not a folder that may be written`, {
      hint: 'make it writable, or name other folders with VEZA_CONFIG_DIR and VEZA_STATE_DIR',
      cause,
    })
  }
  return 'made when needed'
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
