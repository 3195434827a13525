/**
 * What the page of an export is made of: blocks of rows in the order of the records, then these facts. Types only, shared by who writes
 * the page and by the page.
 */

/** One emoji: how often, and by whom. */
export type ReactionRow = readonly [emoji: string, count: number, users: readonly string[]]

/** A message, new or as it became. */
export type MessageRow = readonly [
  kind: 'm' | 'r',
  id: number,
  /** Milliseconds since the epoch. */
  time: number | null,
  author: string,
  content: string,
  parentId: number | null,
  /** 1 pinned, 2 edited. */
  flags: number,
  reactions: readonly ReactionRow[] | 0,
  files: readonly number[] | 0,
]

/** A message was gone at this time, in milliseconds since the epoch. */
type DeletedRow = readonly [kind: 'd', id: number, noticed: number]

/** A file: where it is below the folder, percent-encoded. Without a path the server did not give it any more. */
export type FileRow =
  | readonly [kind: 'f', id: number, name: string, path: string, bytes: number]
  | readonly [kind: 'f', id: number]

export type Row = MessageRow | DeletedRow | FileRow

/** What the page says of the export as a whole. */
export interface PageFacts {
  readonly title: string
  readonly kind: 'room' | 'conversation'
  readonly server: string
  readonly finishedAt: string
  readonly description: string
  readonly members: readonly string[]
  /** Messages older than those on the page. */
  readonly omitted: number
}
