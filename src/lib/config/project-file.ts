import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'

const NAME = '.veza.json'

/**
 * The project file of a folder: the first `.veza.json` there or in a folder above it. Undefined where there is none.
 * @param exists whether there is something at a path.
 */
export function findProjectFile(
  folder: string,
  exists: (path: string) => boolean = existsSync,
): string | undefined {
  for (let here = folder; ; here = dirname(here)) {
    const path = join(here, NAME)
    if (exists(path)) return path
    if (here === dirname(here)) return undefined
  }
}
