import type {Message, Reaction} from '../../contract/resources.js'
import type {MessageRow, ReactionRow, Row} from '../../page/rows.js'
import {mentionedFiles} from './mentions.js'
import type {ChainRecord} from './types.js'

/** So many messages a browser takes at once. */
const MOST_MESSAGES = 200_000

/** A name as a page shows it: without what would turn it round, such as plan[RLO]fdp.exe, or be no part of a line. */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
}

/** Turns records into the rows of a page, and leaves out the oldest messages where there are too many. */
export class PageRows {
  readonly #server: string
  readonly omitted: number
  #skipped = 0
  readonly #left = new Set<number>()

  /** @param messages how many messages there are. */
  constructor(server: string, messages: number, most = MOST_MESSAGES) {
    this.#server = server
    this.omitted = Math.max(0, messages - most)
  }

  /** The row of a record; undefined for one that the page does not show. */
  row(record: ChainRecord): Row | undefined {
    if (record.kind === 'message') return this.#message(record.message)
    if (record.kind === 'revision' && !this.#left.has(record.message.id))
      return this.#rowOf('r', record.message)
    if (record.kind === 'deleted') return ['d', record.deleted.id, Date.parse(record.deleted.noticed_at)]
    if (record.kind !== 'file') return undefined
    const {file} = record
    if ('missing' in file) return ['f', file.file_id]
    return ['f', file.file_id, shownName(file.name), encodedPath(file.path), file.bytes]
  }

  #message(message: Message): Row | undefined {
    if (this.#skipped >= this.omitted) return this.#rowOf('m', message)
    this.#skipped += 1
    this.#left.add(message.id)
    return undefined
  }

  #rowOf(kind: 'm' | 'r', message: Message): MessageRow {
    const {
      id,
      author_id,
      username,
      content,
      parent_id,
      is_pinned,
      is_edited,
      reactions = [],
      created_at = '',
    } = message
    const time = Date.parse(created_at)
    const files = [...mentionedFiles(message, this.#server)]
    return [
      kind,
      id,
      Number.isNaN(time) ? null : time,
      shownName(username ?? (author_id === undefined ? 'unknown' : `user ${author_id}`)),
      content,
      parent_id ?? null,
      (is_pinned === true ? 1 : 0) + (is_edited === true ? 2 : 0),
      reactions.length === 0 ? 0 : reactions.map(reactionRow),
      files.length === 0 ? 0 : files,
    ]
  }
}

function reactionRow({emoji, count, users}: Reaction): ReactionRow {
  return [shownName(emoji), count, users.map(({username, id}) => shownName(username ?? `user ${id}`))]
}

function encodedPath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}
