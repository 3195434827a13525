import {parseId} from '../../config/values.js'
import {VezaError} from '../../errors/veza-error.js'

/** A file given by its id or by the address that an upload tells. */
export type FileReference = {readonly id: number} | {readonly address: string}

/**
 * A file by id or address: digits are an id, what begins with `http://`, `https://` or `/` is an address.
 * @throws {VezaError} `usage` for anything else.
 */
export function parseFileReference(text: string, label: string): FileReference {
  if (/^(https?:\/)?\//i.test(text)) return {address: text}
  return {id: parseId(text, label)}
}

/**
 * The ids of files, each once. An address must be one of this server: the session is good there and nowhere else.
 * @param restBase such as `https://host/api/v1`.
 * @throws {VezaError} `usage` for the address of another server, or of no file.
 */
export function fileIds(references: readonly FileReference[], restBase: string): number[] {
  return [...new Set(references.map(file => ('id' in file ? file.id : idOf(file.address, restBase))))]
}

function idOf(address: string, restBase: string): number {
  const base = new URL(`${restBase}/`)
  const url = URL.canParse(address, base.href) ? new URL(address, base) : undefined
  if (url?.origin !== base.origin) {
    throw new VezaError('usage', `the address of a file is not one of ${base.origin}`, {
      hint: 'name that server with --server, or give the id of the file',
    })
  }
  const [, id] = /^files\/(\d+)(?:\/download)?\/?$/.exec(below(base.pathname, url.pathname)) ?? []
  if (id === undefined)
    throw new VezaError('usage', 'an address is not that of a file', {hint: `${base.href}files/ID/download`})
  return parseId(id, 'FILE')
}

function below(base: string, path: string): string {
  return path.startsWith(base) ? path.slice(base.length) : ''
}
