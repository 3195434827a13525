import {element} from './text.js'

/** How many rows come and go together. */
const CHUNK_ROWS = 50
/** A guess at the height of a row that was never shown. */
const ROW_PX = 58
/** How far beyond the window rows are kept ready. */
const MARGIN = '1500px 0px'

/** A long list of which only what is near the window exists; the rest is empty space of about its height. */
export class LongList<Item> {
  readonly #scroller: HTMLElement
  readonly #container: HTMLElement
  readonly #observer: IntersectionObserver
  readonly #places = new Map<Element, number>()
  #items: readonly Item[] = []
  #render: (item: Item, before: Item | undefined) => HTMLElement = () => element('div', '')
  #chunks: HTMLElement[] = []

  constructor(scroller: HTMLElement, container: HTMLElement) {
    this.#scroller = scroller
    this.#container = container
    this.#observer = new IntersectionObserver(entries => this.#update(entries), {
      root: scroller,
      rootMargin: MARGIN,
    })
  }

  /** Shows other items, from the first one. */
  show(items: readonly Item[], render: (item: Item, before: Item | undefined) => HTMLElement): void {
    this.#observer.disconnect()
    this.#places.clear()
    this.#items = items
    this.#render = render
    this.#chunks = []
    for (let from = 0; from < items.length; from += CHUNK_ROWS) {
      const chunk = element('section', 'chunk')
      chunk.style.height = `${Math.min(CHUNK_ROWS, items.length - from) * ROW_PX}px`
      this.#places.set(chunk, this.#chunks.length)
      this.#chunks.push(chunk)
    }
    this.#container.replaceChildren(...this.#chunks)
    this.#scroller.scrollTop = 0
    for (const chunk of this.#chunks) this.#observer.observe(chunk)
  }

  /** Brings an item into sight and gives it the focus. */
  reveal(index: number, block: ScrollLogicalPosition = 'center'): void {
    const place = Math.floor(index / CHUNK_ROWS)
    for (const near of [place - 1, place, place + 1]) this.#fill(near)
    const row = this.#chunks[place]?.children[index % CHUNK_ROWS]
    if (!(row instanceof HTMLElement)) return
    row.scrollIntoView({block})
    row.focus({preventScroll: true})
  }

  /** Where the row is that has the focus; -1 where none has, or one that is out of sight. */
  get focused(): number {
    const row = document.activeElement?.closest('article')
    const chunk = row?.parentElement
    const place = chunk === null || chunk === undefined ? undefined : this.#places.get(chunk)
    if (place === undefined || row === null || row === undefined || chunk === null || chunk === undefined)
      return -1
    return this.#isInSight(row) ? place * CHUNK_ROWS + [...chunk.children].indexOf(row) : -1
  }

  #isInSight(row: Element): boolean {
    const [shown, window] = [row.getBoundingClientRect(), this.#scroller.getBoundingClientRect()]
    return shown.bottom > window.top && shown.top < window.bottom
  }

  /** The first row in sight. */
  get first(): number {
    const top = this.#scroller.getBoundingClientRect().top
    for (const [place, chunk] of this.#chunks.entries()) {
      if (chunk.getBoundingClientRect().bottom <= top) continue
      const at = [...chunk.children].findIndex(row => row.getBoundingClientRect().bottom > top)
      return place * CHUNK_ROWS + Math.max(0, at)
    }
    return 0
  }

  #update(entries: readonly IntersectionObserverEntry[]): void {
    for (const {target, isIntersecting} of entries) {
      const place = this.#places.get(target)
      if (place === undefined) continue
      if (isIntersecting) this.#fill(place)
      else this.#empty(place)
    }
  }

  #fill(place: number): void {
    const chunk = this.#chunks[place]
    if (chunk === undefined || chunk.childElementCount > 0) return
    const from = place * CHUNK_ROWS
    const rows = this.#items
      .slice(from, from + CHUNK_ROWS)
      .map((item, index) => this.#render(item, this.#items[from + index - 1]))
    chunk.append(...rows)
    chunk.style.height = ''
  }

  /** What has the focus or a selection stays as long as it has. */
  #empty(place: number): void {
    const chunk = this.#chunks[place]
    if (chunk === undefined || chunk.childElementCount === 0 || chunk.contains(document.activeElement)) return
    chunk.style.height = `${chunk.offsetHeight}px`
    chunk.replaceChildren()
  }
}
