import type {Message} from '../../../contract/resources.js'
import {authorName, pipeLine, terminalLine} from './message-line.js'
import {moment} from './moment.js'
import type {Column, View} from './view.js'

const id: Column<Message> = {header: 'id', value: message => message.id}
const time: Column<Message> = {
  header: 'time',
  value: (message, context) => moment(message.created_at, context),
  paint: (text, style) => style.dim(text),
}
const author: Column<Message> = {
  header: 'author',
  value: authorName,
  paint: (text, style, message) => style.author(text, authorName(message)),
}
const content: Column<Message> = {header: 'content', value: message => message.content}
const parent: Column<Message> = {header: 'parent', value: message => message.parent_id}

/** Section 4 of the contract, where the message is, and whether a feed had to look for it. */
const jsonFields = [
  ...[
    'id',
    'uuid',
    'author_id',
    'username',
    'content',
    'parent_id',
    'thread_count',
    'is_pinned',
    'is_edited',
  ],
  ...['edit_count', 'mentions', 'reactions', 'metadata', 'created_at', 'updated_at'],
  ...['room_id', 'room_name', 'conversation_id', 'late'],
]

/**
 * A message (section 4 of the contract). Its line in a stream: `HH:MM:SS author ↳ #parent: content` at a terminal, later
 * lines of the content indented; `created_at<TAB>author<TAB>content` in a pipe, always one line.
 */
export const messageView: View<Message> = {
  columns: [id, time, author, content],
  fields: [id, time, author, parent, content],
  jsonFields,
  line: (message, {isTTY, style}) =>
    isTTY ? terminalLine(message, style, {showsParent: true}) : pipeLine(message, style),
}
