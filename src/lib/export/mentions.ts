import type {Message} from '../../contract/resources.js'

/** A path to a download (section 4 of the contract). */
const DOWNLOAD = /\/files\/(\d{1,16})\/download(?![\w-])/g
/** How far before it an address may begin. */
const LONGEST_ORIGIN = 300
/** Metadata is nested as deep as somebody wants. */
const DEEPEST = 20

/**
 * The files that a message names: by address in its text or its metadata, or by `file_id`, `file_ids`, or objects in `files` or
 * `attachments` in its metadata. Addresses of other servers are none of ours.
 * @param server origin of the server
 */
export function mentionedFiles({content, metadata}: Message, server: string): ReadonlySet<number> {
  const found = new Set<number>()
  inText(content, server, found)
  if (metadata !== undefined && metadata !== null) inValue(metadata, '', {server, found, depth: 0})
  return found
}

function inText(text: string, server: string, found: Set<number>): void {
  if (!text.includes('/files/')) return
  for (const match of text.matchAll(DOWNLOAD)) {
    const before = text.slice(Math.max(0, match.index - LONGEST_ORIGIN), match.index)
    if (isOfServer(before.split(/[\s"'<>()[\]]/).at(-1) ?? '', server)) addId(Number(match[1]), found)
  }
}

/** What stands before the path of a download: nothing or a path is of this server, an address only with its origin. */
function isOfServer(before: string, server: string): boolean {
  const at = before.search(/https?:\/\//i)
  if (at === -1) return !before.includes('//')
  const address = before.slice(at)
  return URL.canParse(address) && new URL(address).origin === server
}

interface Search {
  readonly server: string
  readonly found: Set<number>
  readonly depth: number
}

function inValue(value: unknown, name: string, search: Search): void {
  if (typeof value === 'string') inText(value, search.server, search.found)
  if (name === 'file_id') addId(Number(value), search.found)
  if (typeof value !== 'object' || value === null || search.depth === DEEPEST) return
  const inside = {...search, depth: search.depth + 1}
  if (Array.isArray(value)) {
    for (const item of value) inValue(item, name === 'file_ids' ? 'file_id' : `${name}[]`, inside)
    return
  }
  const isFile = name === 'files[]' || name === 'attachments[]'
  for (const [key, field] of Object.entries(value)) {
    inValue(field, isFile && key === 'id' ? 'file_id' : key, inside)
  }
}

function addId(id: number, found: Set<number>): void {
  if (Number.isSafeInteger(id) && id > 0) found.add(id)
}
