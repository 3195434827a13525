import type {Archive, PageMessage} from './archive.js'
import type {ReactionRow} from './rows.js'
import {element, textNodes} from './text.js'

const PINNED = 1
const EDITED = 2
const DEEPEST_INDENT = 8
const MOST_NAMES = 3

const day = new Intl.DateTimeFormat(undefined, {dateStyle: 'full'})
const clock = new Intl.DateTimeFormat(undefined, {timeStyle: 'short'})
const full = new Intl.DateTimeFormat(undefined, {dateStyle: 'medium', timeStyle: 'short'})

/** How messages are shown. */
export interface Shown {
  readonly archive: Archive
  /** Set off in the texts; with it each message stands for itself, outside its thread. */
  readonly matcher: RegExp | undefined
}

/** A message as an element. `before`: the one above it. */
export function messageElement(
  message: PageMessage,
  before: PageMessage | undefined,
  shown: Shown,
): HTMLElement {
  const {matcher} = shown
  const isMatch = matcher !== undefined
  const article = element('article', 'message')
  article.tabIndex = -1
  article.dataset.id = String(message.id)
  if (message.deleted !== undefined) article.classList.add('deleted')
  const depth = isMatch ? 0 : Math.min(message.depth, DEEPEST_INDENT)
  if (depth > 0) article.classList.add('reply', `depth-${depth}`)
  if (!isMatch && message.depth === 0) article.append(...dayOf(message, before))
  article.append(head(message, isMatch))
  const answered = parentOf(message, before, shown)
  if (answered !== undefined) article.append(answered)
  const text = element('div', 'text')
  text.dir = 'auto'
  text.append(...textNodes(message.content, matcher))
  article.append(text, ...earlier(message), ...filesOf(message, shown.archive), ...reactionsOf(message))
  return article
}

/** The day, where another one begins. */
function dayOf({time}: PageMessage, before: PageMessage | undefined): HTMLElement[] {
  if (time === null) return []
  const name = day.format(time)
  const isSame = before !== undefined && before.time !== null && day.format(before.time) === name
  return isSame ? [] : [element('div', 'day', name)]
}

function head(message: PageMessage, isMatch: boolean): HTMLElement {
  const {time, flags, deleted} = message
  const line = element('header', '')
  line.append(element('bdi', 'author', message.author))
  if (time !== null) {
    const when = element('time', '', (isMatch ? full : clock).format(time))
    when.dateTime = new Date(time).toISOString()
    when.title = when.dateTime
    line.append(when)
  }
  if ((flags & PINNED) !== 0) line.append(element('span', 'badge', 'pinned'))
  if ((flags & EDITED) !== 0 || message.earlier.length > 0) line.append(element('span', 'badge', 'edited'))
  if (deleted !== undefined)
    line.append(element('span', 'badge gone', `deleted, noticed ${full.format(deleted)}`))
  const link = element('a', 'id', `#${message.id}`)
  link.href = `#m${message.id}`
  link.title = isMatch ? 'Show in its place' : 'Link to this message'
  line.append(link)
  return line
}

/** Whom a reply answers, where that does not stand right above. */
function parentOf(
  {parentId, depth}: PageMessage,
  before: PageMessage | undefined,
  {archive, matcher}: Shown,
) {
  if (parentId === null || (matcher === undefined && depth > 0 && before?.id === parentId)) return undefined
  const parent = archive.byId.get(parentId)
  const line = element('div', 'answers', 'in reply to ')
  const link = element('a', '')
  if (parent === undefined) return element('div', 'answers', `in reply to #${parentId}, which is not here`)
  link.href = `#m${parentId}`
  link.append(element('bdi', '', parent.author))
  line.append(link)
  return line
}

function earlier({earlier: texts}: PageMessage): HTMLElement[] {
  if (texts.length === 0) return []
  const details = element('details', 'earlier')
  details.append(
    element(
      'summary',
      '',
      texts.length === 1 ? 'as it was before' : `as it was before, ${texts.length} times`,
    ),
  )
  for (const text of texts) {
    const before = element('div', 'text')
    before.dir = 'auto'
    before.append(...textNodes(text, undefined))
    details.append(before)
  }
  return [details]
}

function filesOf({files}: PageMessage, archive: Archive): HTMLElement[] {
  const known = files.map(id => archive.files.get(id)).filter(file => file !== undefined)
  if (known.length === 0) return []
  const list = element('ul', 'files')
  for (const {name, path, bytes} of known) {
    const item = element('li', '')
    if (path === undefined) item.append(element('span', 'gone', `${name}: no longer at the server`))
    else {
      const link = element('a', '')
      link.href = path
      link.target = '_blank'
      link.rel = 'noopener noreferrer'
      link.append(element('bdi', '', name))
      item.append(link, element('span', 'size', sizeOf(bytes)))
    }
    list.append(item)
  }
  return [list]
}

function reactionsOf({reactions}: PageMessage): HTMLElement[] {
  if (reactions.length === 0) return []
  const list = element('ul', 'reactions')
  for (const [emoji, count, users] of reactions) {
    const item = element('li', '')
    item.title = users.join(', ')
    item.append(
      element('bdi', 'emoji', emoji),
      element('span', '', String(count)),
      element('bdi', 'names', namesOf([emoji, count, users])),
    )
    list.append(item)
  }
  return [list]
}

function namesOf([, count, users]: ReactionRow): string {
  const named = users.slice(0, MOST_NAMES).join(', ')
  const more = count - Math.min(users.length, MOST_NAMES)
  return more > 0 && named !== '' ? `${named} and ${more} more` : named
}

function sizeOf(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB']
  let size = bytes
  let unit = 0
  for (; size >= 1024 && unit < units.length - 1; unit += 1) size /= 1024
  return `${unit === 0 ? size : size.toFixed(1)} ${units[unit]}`
}
