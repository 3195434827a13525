import {join, sep} from 'node:path'
import {describe, expect, it} from 'vitest'
import {findProjectFile} from '../../../src/lib/config/project-file.js'

/** Looks from `folder` where only `files` are; tells what it asked for. */
function look(folder: string, ...files: string[]) {
  const asked: string[] = []
  const found = findProjectFile(folder, path => {
    asked.push(path)
    return files.includes(path)
  })
  return {found, asked}
}

const at = (...parts: string[]): string => join(sep, ...parts)

describe('findProjectFile', () => {
  it('takes the one of the folder itself', () => {
    const here = at('a', 'b', '.veza.json')
    expect(look(at('a', 'b'), here, at('a', '.veza.json'))).toEqual({found: here, asked: [here]})
  })

  it('takes the nearest above, and looks no further', () => {
    const {found, asked} = look(at('a', 'b', 'c'), at('a', '.veza.json'), at('.veza.json'))
    expect(found).toBe(at('a', '.veza.json'))
    expect(asked).not.toContain(at('.veza.json'))
  })

  it('ends at the root', () => {
    expect(look(at('a', 'b'))).toEqual({
      found: undefined,
      asked: [at('a', 'b', '.veza.json'), at('a', '.veza.json'), at('.veza.json')],
    })
    expect(look(sep, at('.veza.json')).found).toBe(at('.veza.json'))
  })
})
