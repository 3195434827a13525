import {errnoOf} from '../../errors/errno.js'
import {VezaError} from '../../errors/veza-error.js'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'the folder does not exist',
  EEXIST: 'a file has that name',
  ENOTDIR: 'what should be its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'that is not permitted',
  EPERM: 'that is not permitted',
  EROFS: 'the file system is read-only',
  ELOOP: 'a symbolic link is in its place',
  ENAMETOOLONG: 'the name is too long',
}
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is used up',
  EFBIG: 'the file system takes no file that large',
}

/** What a failed write to a local file means to the user. An error of ours is returned as it is. */
export function writeError(cause: unknown, path: string): VezaError {
  if (cause instanceof VezaError) return cause
  const code = errnoOf(cause)
  const full = FULL[code]
  if (full !== undefined) {
    const hint = 'make room, then run the same command again'
    return new VezaError('failed', `cannot write ${path}: ${full}`, {hint, cause})
  }
  const reason = REASONS[code]
  if (reason === undefined) return new VezaError('failed', `cannot write ${path} (${code})`, {cause})
  return new VezaError('file_unwritable', `cannot write ${path}: ${reason}`, {
    hint: 'name another place with --dir or --output',
    cause,
  })
}
