/** Ends before what is punctuation of the sentence around it. */
const ADDRESS = /https?:\/\/[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]/gi

/** Text as nodes: links for `http:` and `https:` alone, matches of a search set off. No text is ever read as HTML. */
export function textNodes(text: string, matcher: RegExp | undefined): Node[] {
  const nodes: Node[] = []
  let from = 0
  for (const match of text.matchAll(ADDRESS)) {
    const address = linkTarget(match[0])
    if (address === undefined) continue
    nodes.push(...marked(text.slice(from, match.index), matcher))
    const link = element('a', 'link')
    link.href = address
    link.rel = 'noopener noreferrer nofollow'
    link.target = '_blank'
    link.append(...marked(match[0], matcher))
    nodes.push(link)
    from = match.index + match[0].length
  }
  nodes.push(...marked(text.slice(from), matcher))
  return nodes
}

function linkTarget(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const {protocol, href} = new URL(text)
  return protocol === 'http:' || protocol === 'https:' ? href : undefined
}

function marked(text: string, matcher: RegExp | undefined): Node[] {
  if (matcher === undefined || text === '') return [document.createTextNode(text)]
  const nodes: Node[] = []
  let from = 0
  for (const match of text.matchAll(matcher)) {
    nodes.push(document.createTextNode(text.slice(from, match.index)), element('mark', '', match[0]))
    from = match.index + match[0].length
  }
  nodes.push(document.createTextNode(text.slice(from)))
  return nodes
}

/** An element with a class and a text. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  if (className !== '') made.className = className
  if (text !== '') made.textContent = text
  return made
}

/** The one element with this id, which the page was written with. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`)
  return found
}
