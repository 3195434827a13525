import {access, constants} from 'node:fs/promises'
import {isAbsolute} from 'node:path'
import type {Action, OwnCommand} from '../../bot/own-command.js'

/**
 * What the commands of a file name and cannot use now: a program given as a path that is not there or not executable, a
 * module that is not there. One text for each; they may still come, so that is a warning. Never rejects.
 */
export async function absentFiles(commands: Iterable<OwnCommand>): Promise<readonly string[]> {
  const texts = await Promise.all([...commands].map(complaintOf))
  return texts.filter(text => text !== undefined)
}

async function complaintOf({name, action}: OwnCommand): Promise<string | undefined> {
  const path = pathOf(action)
  if (path === undefined) return undefined
  if (!(await isAccessible(path, constants.F_OK))) return `the command ${name}: ${path} does not exist`
  if (action.type !== 'run' || (await isAccessible(path, constants.X_OK))) return undefined
  return `the command ${name}: ${path} is not executable`
}

/** A program without a folder is searched for when it runs. */
function pathOf(action: Action): string | undefined {
  if (action.type === 'module') return action.path
  const [program = ''] = action.type === 'run' ? action.words : []
  return isAbsolute(program) ? program : undefined
}

function isAccessible(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  )
}
