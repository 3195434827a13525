import type {Message} from '../../../contract/resources.js'
import {sanitizeLine, sanitizeText} from '../sanitize.js'
import type {Style} from '../style.js'
import {clockTime} from '../time.js'

/** Under the first character after `HH:MM:SS `: a second line of content can never look like another message. */
const CONTINUATION = `\n${' '.repeat(9)}`

/** What a message's line shows beside time, author and content. */
export interface LineParts {
  /** Where the message is, hostile or not, such as `#general`. */
  readonly channel?: string | undefined
  /** Whether the id of what it answers stands behind the author. Terminal only. */
  readonly showsParent?: boolean
  /** Sets parts of the content off; see `Highlighter`. */
  readonly highlight?: (text: string, style: Style) => string
}

/** `HH:MM:SS #channel author ↳ #parent (late): content`, later lines of the content indented. Safe text. */
export function terminalLine(message: Message, style: Style, parts: LineParts = {}): string {
  const name = authorName(message)
  const place = parts.channel === undefined ? '' : `${style.dim(sanitizeLine(parts.channel))} `
  const answers =
    parts.showsParent && message.parent_id ? style.dim(sanitizeLine(` ↳ #${message.parent_id}`)) : ''
  const late = message.late === true ? style.yellow(' (late)') : ''
  const head = `${style.dim(clockTime(message.created_at))} ${place}${style.author(sanitizeLine(name), name)}`
  return `${head}${answers}${late}: ${contentOf(message, style, parts).replaceAll('\n', CONTINUATION)}`
}

/** `created_at<TAB>author<TAB>content`, then `<TAB>channel` where there is one: always one line. Safe text. */
export function pipeLine(message: Message, style: Style, parts: LineParts = {}): string {
  const name = authorName(message)
  const when = style.dim(sanitizeLine(message.created_at ?? ''))
  const text = sanitizeLine(message.content)
  const content = parts.highlight?.(text, style) ?? text
  const place = parts.channel === undefined ? '' : `\t${sanitizeLine(parts.channel)}`
  return `${when}\t${style.author(sanitizeLine(name), name)}\t${content}${place}`
}

/** Who wrote a message: a name, else `user 7`, else `unknown`. Hostile or not. */
export function authorName(message: Message): string {
  return message.username ?? (message.author_id === undefined ? 'unknown' : `user ${message.author_id}`)
}

function contentOf(message: Message, style: Style, {highlight}: LineParts): string {
  const text = sanitizeText(message.content)
  return highlight?.(text, style) ?? text
}
