/** The fields of an entry of a stream, as Redis tells them. */
export type EntryFields = readonly (readonly [name: string, value: string])[]

/** Where entries go and what is said of them, beyond what each says itself. */
export interface EntryRules {
  /** The room that all go to; without it each names its own. */
  readonly roomId: number | undefined
  /** Makes the text of the fields. Default: the field `content`. */
  readonly textOf: ((fields: Readonly<Record<string, string>>) => string) | undefined
}

/** A message that an entry asks for. */
export interface OutgoingEntry {
  readonly room: {readonly id: number} | {readonly name: string}
  readonly content: string
  readonly parentId: number | undefined
}

/** Why an entry can never be sent, in a few words that repeat nothing of it. */
export interface Poison {
  readonly poison: string
}

/** No server takes a message of this size, and what is in front of one may break the connection over it. */
const LONGEST_TEXT = 1024 * 1024
/** No name of a room is longer (section 3 of the contract), and a search for one costs many calls. */
const LONGEST_NAME = 100
/** What programs write for nothing. */
const NOTHING: ReadonlySet<string | undefined> = new Set(['', 'null'])

/**
 * What an entry asks for: the text of `content`, in the room of `room_id` or `room` (id, name or `#name`), as a reply to
 * `reply_to` or `parent_id`. All of it stays as it is; a parent counts only in the room that the entry itself names. Pure.
 */
export function outgoingOf(fields: EntryFields, {roomId, textOf}: EntryRules): OutgoingEntry | Poison {
  // Of two fields with one name the last counts. Whatever the names are, they become its own.
  const values: Readonly<Record<string, string>> = Object.fromEntries(fields)
  const content = textOf === undefined ? ownOf(values, 'content') : textOf(values)
  if (content === undefined || content.trim() === '') return {poison: 'there is no text'}
  if (content.length > LONGEST_TEXT) return {poison: 'the text is longer than 1 MiB'}
  if (roomId !== undefined) return {room: {id: roomId}, content, parentId: undefined}
  const room = roomOf(given(values, 'room_id') ?? given(values, 'room'))
  if ('poison' in room) return room
  const parent = given(values, 'reply_to') ?? given(values, 'parent_id')
  const parentId = parent === undefined ? undefined : idOf(parent)
  if (parent !== undefined && parentId === undefined) return {poison: 'the parent is no id of a message'}
  return {room, content, parentId}
}

function ownOf(values: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}

function given(values: Readonly<Record<string, string>>, name: string): string | undefined {
  const value = ownOf(values, name)
  return NOTHING.has(value) ? undefined : value
}

function roomOf(text: string | undefined): OutgoingEntry['room'] | Poison {
  if (text === undefined) return {poison: 'there is no room'}
  if (/^-?\d+$/.test(text)) {
    const id = idOf(text)
    return id === undefined ? {poison: 'the room is no id of a room'} : {id}
  }
  const name = text.startsWith('#') ? text.slice(1) : text
  if (name.trim() === '' || name.length > LONGEST_NAME) return {poison: 'the room is no name of a room'}
  return {name}
}

function idOf(text: string): number | undefined {
  const id = /^\d+$/.test(text) ? Number(text) : 0
  return id > 0 && Number.isSafeInteger(id) ? id : undefined
}
