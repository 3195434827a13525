import type {Conversation, Member, Message, Page, Room} from '../../contract/resources.js'
import type {VezaError} from '../errors/veza-error.js'

/** What an export is of. `name`: of the room, or of the other user. */
export interface ExportPlace {
  readonly kind: 'room' | 'conversation'
  readonly id: number
  readonly name: string
}

/** A room or a conversation, as an export reads it. */
export interface ExportSource {
  readonly place: ExportPlace
  /** Origin of the server, such as `https://chat.example`. */
  readonly server: string
  /** The room or the conversation itself. */
  readonly about: Room | Conversation
  /** The members that the server lists; absent for a conversation. */
  members?(): Promise<Page<Member>>
  /** The newest messages below `beforeId`, newest first. */
  page(beforeId?: number): Promise<Page<Message>>
  download(fileId: number, options: DownloadPart): Promise<SourceFile>
}

/** Which part of a file is wanted. */
export interface DownloadPart {
  readonly fromByte?: number | undefined
  readonly ifRange?: string | undefined
  readonly signal: AbortSignal
}

/** A file as it comes from the server. */
export interface SourceFile {
  readonly fileName: string | undefined
  readonly contentType: string | undefined
  /** The first byte that comes. */
  readonly fromByte: number
  /** Names this version of the file to the server. */
  readonly validator: string | undefined
  /** What the server says of the whole, in hexadecimal. */
  readonly digest: {readonly algorithm: 'sha-256'; readonly value: string} | undefined
  readonly body: AsyncIterable<Uint8Array>
}

/** A file that was fetched. */
export interface StoredFile {
  readonly file_id: number
  /** As the server called it. */
  readonly name: string
  /** Below the folder of the export. */
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  readonly content_type?: string | undefined
}

/** A file that the server does not give, or no longer. */
export interface MissingFile {
  readonly file_id: number
  readonly missing: 'not_found' | 'forbidden' | 'refused'
}

/** A file that could not be had this time; the next run tries again. */
export interface FileFailure {
  readonly fileId: number
  readonly error: VezaError
}

/** What each kind of record carries, under a field of its own: see docs/export.md. */
export interface RecordFields {
  run: {readonly run: {readonly at: string; readonly veza: string; readonly server: string}}
  room: {readonly room: Room}
  conversation: {readonly conversation: Conversation}
  members: {readonly members: MemberList}
  message: {readonly message: Message}
  revision: {readonly message: Message}
  deleted: {readonly deleted: {readonly id: number; readonly noticed_at: string}}
  file: {readonly file: StoredFile | MissingFile}
}

/** The members of a room, as far as the server lists them. */
export interface MemberList {
  readonly items: readonly Member[]
  readonly total?: number | undefined
  readonly complete: boolean
}

/** A record without its place in the chain. */
export type ChainEntry = {
  [Kind in keyof RecordFields]: {readonly kind: Kind} & RecordFields[Kind]
}[keyof RecordFields]

/** A record of the chain, read back. */
export type ChainRecord = {readonly prev: string; readonly seq: number} & ChainEntry

/** What there is of each, in the chain so far. */
export interface Counts {
  readonly messages: number
  readonly revisions: number
  readonly deletions: number
  readonly files: number
  readonly missing_files: number
}

/** A file of records, and how much of it counts. */
export interface Part {
  readonly name: string
  readonly records: number
  readonly bytes: number
}

/** The records so far: the end of the chain and the files it lies in. */
export interface ChainState {
  readonly records: number
  /** The hash of the last line. */
  readonly head: string
  readonly parts: readonly Part[]
}

/** Whose export a folder is. */
export interface Identity {
  readonly server: string
  readonly kind: ExportPlace['kind']
  readonly id: number
}

/** `manifest.json`: what the last finished run left. */
export interface Manifest {
  readonly format: 'veza-export'
  readonly version: 1
  readonly source: Identity & {readonly name: string}
  readonly finished_at: string
  /** The highest id of a message: where the next run goes on. */
  readonly last_message_id: number
  readonly counts: Counts
  readonly chain: ChainState
  readonly page: {readonly name: string; readonly bytes: number; readonly sha256: string}
}

/** How far the walk back through history has come. */
export interface SpoolState {
  /** How much of the file counts. */
  readonly bytes: number
  /** The lowest id in it: where the walk goes on. */
  readonly oldest_id: number
  /** The highest: where the next walk ends. */
  readonly newest_id: number
  /** The walk is through; what is in it becomes records. */
  readonly complete: boolean
}

/** `checkpoint.json`: how far an unfinished run has come. */
export interface Checkpoint {
  readonly format: 'veza-export-checkpoint'
  readonly version: 1
  readonly source: Identity
  readonly chain: ChainState
  readonly spool?: SpoolState | undefined
}
