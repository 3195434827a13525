import type {MessageRow, ReactionRow, Row} from './rows.js'

/** A message of the page, as it was exported last. */
export interface PageMessage {
  readonly id: number
  time: number | null
  author: string
  content: string
  parentId: number | null
  flags: number
  reactions: readonly ReactionRow[]
  files: readonly number[]
  /** What it said before, oldest first. */
  earlier: string[]
  /** When it was noticed to be gone, in milliseconds since the epoch. */
  deleted: number | undefined
  /** How far below the beginning of its thread. */
  depth: number
}

/** A file of the export; without a path the server did not give it. */
export interface PageFile {
  readonly name: string
  readonly path: string | undefined
  readonly bytes: number
}

/** Everything of a page, in the order of threads: replies behind what they answer. */
export interface Archive {
  readonly messages: readonly PageMessage[]
  readonly byId: ReadonlyMap<number, PageMessage>
  readonly files: ReadonlyMap<number, PageFile>
}

/** Makes of the rows what they say together. */
export function readArchive(blocks: Iterable<readonly Row[]>): Archive {
  const byId = new Map<number, PageMessage>()
  const files = new Map<number, PageFile>()
  for (const rows of blocks) for (const row of rows) take(row, byId, files)
  const oldestFirst = [...byId.values()].sort((a, b) => a.id - b.id)
  return {messages: inThreads(oldestFirst, byId), byId, files}
}

function take(row: Row, byId: Map<number, PageMessage>, files: Map<number, PageFile>): void {
  if (row[0] === 'f') {
    const [, id, name, path, bytes] = row
    files.set(id, {name: name ?? `file ${id}`, path, bytes: bytes ?? 0})
  } else if (row[0] === 'd') {
    const message = byId.get(row[1])
    if (message !== undefined) message.deleted = row[2]
  } else takeMessage(row, byId)
}

function takeMessage(row: MessageRow, byId: Map<number, PageMessage>): void {
  const [, id, time, author, content, parentId, flags, reactions, files] = row
  const before = byId.get(id)
  const earlier = before?.earlier ?? []
  if (before !== undefined && before.content !== content) earlier.push(before.content)
  byId.set(id, {
    id,
    time,
    author,
    content,
    parentId,
    flags,
    reactions: reactions === 0 ? [] : reactions,
    files: files === 0 ? [] : files,
    earlier,
    deleted: undefined,
    depth: 0,
  })
}

/**
 * Replies behind what they answer, the others by id. Nothing here trusts the parents: one may be missing, or be its own
 * descendant.
 */
function inThreads(messages: readonly PageMessage[], byId: ReadonlyMap<number, PageMessage>): PageMessage[] {
  const replies = new Map<number, PageMessage[]>()
  const roots: PageMessage[] = []
  for (const message of messages) {
    const {parentId} = message
    if (parentId === null || parentId === message.id || !byId.has(parentId)) roots.push(message)
    else {
      const siblings = replies.get(parentId)
      if (siblings === undefined) replies.set(parentId, [message])
      else siblings.push(message)
    }
  }
  const order: PageMessage[] = []
  const placed = new Set<number>()
  for (const root of roots) place(root, {replies, order, placed})
  // Those of a circle hang below no root.
  for (const message of messages) place(message, {replies, order, placed})
  return order
}

interface Placing {
  readonly replies: ReadonlyMap<number, readonly PageMessage[]>
  readonly order: PageMessage[]
  readonly placed: Set<number>
}

/** A root and all below it, without recursion: a thread may be as deep as it is long. */
function place(root: PageMessage, {replies, order, placed}: Placing): void {
  const waiting: [message: PageMessage, depth: number][] = [[root, 0]]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [message, depth] = next
    if (placed.has(message.id)) continue
    placed.add(message.id)
    message.depth = depth
    order.push(message)
    const below = replies.get(message.id) ?? []
    for (let at = below.length - 1; at >= 0; at -= 1) {
      const reply = below[at]
      if (reply !== undefined) waiting.push([reply, depth + 1])
    }
  }
}
