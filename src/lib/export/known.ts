import {isDeepStrictEqual} from 'node:util'
import type {Message} from '../../contract/resources.js'
import {mentionedFiles} from './mentions.js'
import type {ChainEntry, Counts, MissingFile, StoredFile} from './types.js'

type Writable<T> = {-readonly [K in keyof T]: T[K]}

/** What the records of an export say so far: learnt by reading them, and kept up to date with each that is added. */
export class Known {
  readonly #server: string
  readonly #recheck: number
  readonly counts: Writable<Counts> = {messages: 0, revisions: 0, deletions: 0, files: 0, missing_files: 0}
  /** The last messages as they were exported last, by id, in the order of their first records. */
  readonly #recent = new Map<number, Message>()
  /** The highest id of a message that is not kept any more. */
  #forgotten = 0
  /** The last room, conversation and members. */
  readonly about = new Map<'room' | 'conversation' | 'members', unknown>()
  /** The files that have a record. */
  readonly files = new Set<number>()
  /** Paths of the files that were stored. */
  readonly paths = new Set<string>()
  readonly #mentioned = new Set<number>()
  lastMessageId = 0

  /** @param recheck of how many messages the content is kept. */
  constructor(server: string, recheck: number) {
    this.#server = server
    this.#recheck = recheck
  }

  /** The files that messages name and that have no record yet. */
  get wanted(): readonly number[] {
    return [...this.#mentioned].filter(id => !this.files.has(id)).sort((a, b) => a - b)
  }

  /**
   * The last messages as they were exported last, by id: all that were exported above some id. One that came late is not among them
   * where others above it were forgotten, which would pass for new.
   */
  get recent(): ReadonlyMap<number, Message> {
    return new Map([...this.#recent].filter(([id]) => id > this.#forgotten))
  }

  /** Takes a record that is in the chain. */
  note(record: ChainEntry): void {
    if (record.kind === 'message' || record.kind === 'revision') this.noteMessage(record.kind, record.message)
    else if (record.kind === 'deleted') this.#noteDeleted(record.deleted.id)
    else if (record.kind === 'file') this.#noteFile(record.file)
    else if (record.kind === 'room') this.about.set('room', record.room)
    else if (record.kind === 'conversation') this.about.set('conversation', record.conversation)
    else if (record.kind === 'members') this.about.set('members', record.members)
  }

  /** Takes a message that is in the chain, new or as it is now. */
  noteMessage(kind: 'message' | 'revision', message: Message): void {
    this.counts[kind === 'message' ? 'messages' : 'revisions'] += 1
    this.lastMessageId = Math.max(this.lastMessageId, message.id)
    for (const id of mentionedFiles(message, this.#server)) this.#mentioned.add(id)
    if (kind === 'message' || this.#recent.has(message.id)) this.#keep(message)
  }

  /** Takes a new message as JSON. It is not looked at again in this run; most name no file and are not even parsed. */
  noteSpooled(json: string): void {
    this.counts.messages += 1
    if (!json.includes('file')) return
    for (const id of mentionedFiles(JSON.parse(json) as Message, this.#server)) this.#mentioned.add(id)
  }

  #keep(message: Message): void {
    if (this.#recheck === 0) return
    this.#recent.set(message.id, message)
    const [first] = this.#recent.keys()
    if (this.#recent.size <= this.#recheck || first === undefined) return
    this.#recent.delete(first)
    this.#forgotten = Math.max(this.#forgotten, first)
  }

  #noteDeleted(id: number): void {
    this.counts.deletions += 1
    this.#recent.delete(id)
  }

  #noteFile(file: StoredFile | MissingFile): void {
    this.files.add(file.file_id)
    this.counts['missing' in file ? 'missing_files' : 'files'] += 1
    if ('path' in file) this.paths.add(file.path)
  }
}

/** Whether a message still is what was exported. The number of replies follows from these, and nobody orders who reacted. */
export function isSameMessage(a: Message, b: Message): boolean {
  return isDeepStrictEqual(lasting(a), lasting(b))
}

function lasting({thread_count: _count, reactions = [], ...message}: Message): unknown {
  const byEmoji = reactions.map(({emoji, users, ...rest}) => [
    emoji,
    {...rest, users: new Set(users.map(({id, username}) => `${id ?? ''} ${username ?? ''}`))},
  ])
  return {...message, reactions: new Map(byEmoji as [string, unknown][])}
}

/** What changes with each message and each visit says nothing about a room or a conversation itself. */
const FLEETING = new Set([
  'member_count',
  'unread_count',
  'last_activity',
  'last_message',
  'updated_at',
  'is_online',
  'last_seen',
  'total',
])

/** Whether a room, a conversation or a list of members still is what was exported. */
export function isSameAbout(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutFleeting(a), withoutFleeting(b))
}

function withoutFleeting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutFleeting)
  if (typeof value !== 'object' || value === null) return value
  const lasting = Object.entries(value).filter(([name, field]) => !FLEETING.has(name) && field !== undefined)
  return Object.fromEntries(lasting.map(([name, field]) => [name, withoutFleeting(field)]))
}
