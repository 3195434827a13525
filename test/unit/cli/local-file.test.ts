import {describe, expect, it} from 'vitest'
import {fileError} from '../../../src/lib/cli/local-file.js'

describe('fileError', () => {
  it.each([
    ['ENOENT', 'does not exist'],
    ['ENOTDIR', 'does not exist'],
    ['EACCES', 'may not be read'],
    ['EPERM', 'may not be read'],
    ['EISDIR', 'is a folder'],
    ['ELOOP', 'is a chain of links without end'],
    ['EMFILE', 'cannot be opened: too many open files'],
    ['EIO', 'cannot be read (EIO)'],
  ])('says of %s that it %s', (code, reason) => {
    const cause = Object.assign(new Error(`${code}: told by the system`), {code})
    const error = fileError(cause, 'notes.txt')
    expect([error.code, error.message]).toEqual(['file_unreadable', `notes.txt ${reason}`])
    expect(error.cause).toBe(cause)
  })

  it.each([new Error('odd'), 'odd', undefined])('says of what it does not know that it does not', cause => {
    expect(fileError(cause, 'notes.txt').message).toBe('notes.txt cannot be read (unknown reason)')
  })
})
