/** Longest name in bytes; most systems take 255. */
const MAX_BYTES = 120

/** What a browser runs when it is opened from the disk, all kinds of XML among it, and what leads to another place. */
const ACTIVE =
  /\.([xse]?html?|xht|mht|mhtml|hta|svgz?|xml|xslt?|xsd|xbl|xul|rng|rdf|owl|rss|atom|opml|mml|mathml|wsdl|xspf|kml|gpx|url|lnk|webloc|desktop)$/i

/**
 * The name under which a file is kept: its id, then what is harmless of the name it had at the server. What a browser would run
 * gets `.txt` behind.
 */
export function storedName(fileId: number, name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? ''
  const harmless = base
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}._-]+/gu, '_')
    .replace(/^[._]+|[._]+$/g, '')
  const short = shortened(harmless)
  const safe = ACTIVE.test(short) ? `${short}.txt` : short
  return safe === '' ? `${fileId}` : `${fileId}-${safe}`
}

/** Cut in the middle, so that the ending stays. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name
  const ending = /\.[a-z0-9]{1,10}$/i.exec(name)?.[0] ?? ''
  let stem = ''
  for (const character of name) {
    if (Buffer.byteLength(stem + character) > MAX_BYTES - ending.length) break
    stem += character
  }
  return stem + ending
}

/** The folder of a room among others: found again by its beginning, also when the room has another name by then. */
export function folderName(kind: 'room' | 'conversation', id: number, name: string): string {
  return storedFolder(folderPrefix(kind, id), name)
}

/** How the name of that folder begins. */
export function folderPrefix(kind: 'room' | 'conversation', id: number): string {
  return `${kind === 'room' ? 'room' : 'dm'}-${id}`
}

function storedFolder(prefix: string, name: string): string {
  const harmless = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}\p{M}_-]+/gu, '_')
    .replace(/^_+|_+$/g, '')
  const short = shortened(harmless)
  return short === '' ? prefix : `${prefix}-${short}`
}
