import type {Message} from '../../../contract/resources.js'
import {sanitizeLine, sanitizeText} from '../sanitize.js'
import {clockTime} from '../time.js'
import {moment} from './moment.js'
import type {Column, View, ViewContext} from './view.js'

/** Under the first character after `HH:MM:SS `: a second line of content can never look like another message. */
const CONTINUATION = `\n${' '.repeat(9)}`

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

/**
 * A message (section 4 of the contract). Its line in a stream: `HH:MM:SS author ↳ #parent: content` at a terminal, later
 * lines of the content indented; `created_at<TAB>author<TAB>content` in a pipe, always one line.
 */
export const messageView: View<Message> = {
  columns: [id, time, author, content],
  fields: [id, time, author, parent, content],
  line: (message, context) => (context.isTTY ? terminalLine(message, context) : pipeLine(message, context)),
}

function terminalLine(message: Message, {style}: ViewContext): string {
  const name = authorName(message)
  const reply = message.parent_id ? style.dim(sanitizeLine(` ↳ #${message.parent_id}`)) : ''
  const text = sanitizeText(message.content).replaceAll('\n', CONTINUATION)
  const when = style.dim(clockTime(message.created_at))
  return `${when} ${style.author(sanitizeLine(name), name)}${reply}: ${text}`
}

function pipeLine(message: Message, {style}: ViewContext): string {
  const name = authorName(message)
  const when = sanitizeLine(message.created_at ?? '')
  return `${style.dim(when)}\t${style.author(sanitizeLine(name), name)}\t${sanitizeLine(message.content)}`
}

function authorName(message: Message): string {
  return message.username ?? (message.author_id === undefined ? 'unknown' : `user ${message.author_id}`)
}
