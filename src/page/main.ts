import {type PageMessage, readArchive} from './archive.js'
import {LongList} from './list.js'
import {messageElement} from './message.js'
import type {PageFacts, Row} from './rows.js'
import {indexAt, matcherOf, Search} from './search.js'
import {byId, element} from './text.js'

/** Typing faster than this is one search. */
const SEARCH_DELAY_MS = 120

/** The blocks of data, each gone from the page when it was read. */
function* blocks(name: 'rows' | 'facts'): Generator<unknown> {
  for (const block of document.querySelectorAll(`script.${name}`)) {
    yield JSON.parse(block.textContent ?? '')
    block.remove()
  }
}

const [facts] = [...blocks('facts')] as [PageFacts]
const archive = readArchive(blocks('rows') as Iterable<readonly Row[]>)
const search = new Search(archive.messages)
const scroller = byId('scroller', HTMLElement)
// What scrolls must be within reach of the keyboard.
scroller.tabIndex = 0
const list = new LongList<PageMessage>(scroller, byId('messages', HTMLElement))
const box = byId('search', HTMLInputElement)
const date = byId('date', HTMLInputElement)
const status = byId('status', HTMLElement)
let shown: readonly PageMessage[] = []

function count(messages: number): string {
  return `${messages.toLocaleString()} message${messages === 1 ? '' : 's'}`
}

function showAll(): void {
  shown = archive.messages
  list.show(shown, (message, before) => messageElement(message, before, {archive, matcher: undefined}))
  status.textContent = count(shown.length)
}

function showMatches(query: string): void {
  searched = query
  const matcher = matcherOf(query)
  if (matcher === undefined) {
    if (shown !== archive.messages) showAll()
    return
  }
  shown = search.find(query)
  list.show(shown, (message, before) => messageElement(message, before, {archive, matcher}))
  status.textContent =
    shown.length === 0
      ? 'nothing found'
      : `${count(shown.length)} of ${archive.messages.length.toLocaleString()}`
}

let timer: ReturnType<typeof setTimeout> | undefined
let searched = ''

function searchNow(): void {
  clearTimeout(timer)
  if (box.value !== searched) showMatches(box.value)
}

/** In its place among all. */
function showMessage(id: number): void {
  const index = archive.messages.findIndex(message => message.id === id)
  if (index === -1) return
  clearSearch()
  list.reveal(index)
}

function clearSearch(): void {
  box.value = ''
  showMatches('')
}

function describe(): void {
  document.title = facts.title
  byId('title', HTMLElement).textContent = facts.title
  byId('about', HTMLElement).textContent = facts.description
  const lines = [
    `from ${facts.server}, as of ${new Date(facts.finishedAt).toLocaleString()}`,
    ...(facts.members.length === 0 ? [] : [`members: ${facts.members.join(', ')}`]),
    ...(facts.omitted === 0
      ? []
      : [`the oldest ${count(facts.omitted)} are not on this page, but in the files beside it`]),
  ]
  byId('facts', HTMLElement).replaceChildren(...lines.map(line => element('bdi', '', line)))
}

function step(by: number): void {
  const from = list.focused
  const next = from === -1 ? list.first : from + by
  if (next >= 0 && next < shown.length) list.reveal(next, 'nearest')
}

const KEYS: Readonly<Record<string, () => void>> = {
  '/': () => box.focus(),
  j: () => step(1),
  k: () => step(-1),
  g: () => list.reveal(0, 'start'),
  G: () => list.reveal(shown.length - 1, 'end'),
  Enter: () => {
    const message = shown[list.focused]
    if (message !== undefined && shown !== archive.messages) showMessage(message.id)
  },
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.key === 'Escape') {
    clearSearch()
    scroller.focus()
    return
  }
  const {target} = event
  const isTyping = target instanceof HTMLInputElement
  const isControl = target instanceof HTMLAnchorElement || target instanceof HTMLButtonElement
  if (event.key === 'Enter' && target === box) {
    searchNow()
    list.reveal(0, 'start')
  }
  const action = isTyping || (event.key === 'Enter' && isControl) ? undefined : KEYS[event.key]
  if (action === undefined) return
  event.preventDefault()
  action()
}

function onAddress(): boolean {
  const id = /^#m(\d+)$/.exec(location.hash)?.[1]
  if (id === undefined) return false
  showMessage(Number(id))
  return true
}

function onDate(): void {
  const time = new Date(`${date.value}T00:00`).getTime()
  if (Number.isNaN(time)) return
  clearSearch()
  list.reveal(indexAt(archive.messages, time), 'start')
}

function otherTheme(): void {
  const root = document.documentElement
  const isDark = root.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  root.dataset.theme = isDark === 'dark' ? 'light' : 'dark'
}

box.addEventListener('input', () => {
  clearTimeout(timer)
  timer = setTimeout(searchNow, SEARCH_DELAY_MS)
})
date.addEventListener('change', onDate)
byId('theme', HTMLButtonElement).addEventListener('click', otherTheme)
document.addEventListener('keydown', onKey)
addEventListener('hashchange', onAddress)

describe()
showAll()
if (!onAddress()) list.reveal(shown.length - 1, 'end')
// For who waits for the page, such as a test.
document.documentElement.dataset.ready = 'true'
