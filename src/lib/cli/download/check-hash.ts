import type {FileDownload} from '../../api/file-download.js'
import {VezaError} from '../../errors/veza-error.js'

/**
 * Reads a SHA-256 in hex.
 * @throws {VezaError} `usage` naming `label`.
 */
export function parseSha256(text: string, label: string): string {
  const hex = text.trim().toLowerCase()
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new VezaError('usage', `${label} wants a SHA-256: 64 hex digits`)
  return hex
}

/**
 * Holds what came to what the server said, and to what the user expects. Resolves to whether there was anything to hold it to.
 * @throws {VezaError} `file_corrupt`.
 */
export function checkHash(sha256: string, {digest}: FileDownload, expected: string | undefined): boolean {
  if (expected !== undefined && expected !== sha256)
    throw corrupt('not the file that was expected', sha256, expected)
  if (digest !== undefined && digest.value !== sha256)
    throw corrupt('not what the server says that it is', sha256, digest.value)
  return expected !== undefined || digest !== undefined
}

function corrupt(problem: string, sha256: string, wanted: string): VezaError {
  return new VezaError('file_corrupt', `the file is ${problem}: its SHA-256 is ${sha256}, not ${wanted}`, {
    hint: 'nothing is kept of it; try again, or compare the hash with whoever uploaded the file',
  })
}
